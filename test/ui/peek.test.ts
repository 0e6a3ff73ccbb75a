import assert from 'node:assert/strict';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { connect } from '../support/amqplib.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: orders';

describe('a look at a queue', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  let client: Awaited<ReturnType<typeof connect>>;
  before(async () => {
    vhost = await freshVhost();
    client = await connect(vhost.amqpUrl);
    await prepare(client);
    workbench = await Workbench.open({
      height: 1400,
      settings: { 'warren.refreshInterval': 1, 'warren.peek.count': 3 },
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    // It is told some seconds late who consumes.
    const path = `queues/${vhost.vhost}/orders?columns=consumer_details.consumer_tag`;
    await waitFor(async () => JSON.stringify(await vhost.management.request('GET', path)).includes('worker-1'), {
      describe: 'the consumer in the management API',
    });
  });
  after(async () => {
    await workbench.dispose();
    await client.close();
    await vhost.dispose();
  });

  const saysLine = (text: string, of = channel): Promise<unknown> =>
    waitFor(async () => (await workbench.output.wholeText(of)).includes(text), { describe: `a line with ${text}` });

  it('is offered with what it costs, asks how many, and shows the first ones: the queue is as it was', async () => {
    const { quickInput, tree } = workbench;
    await tree.action('orders', 'Tail Queue');
    await quickInput.row('Peek').waitFor();
    const offered = await quickInput.widget.innerText();
    assert.match(offered, /They go back at once, in order, marked redelivered/);
    assert.match(offered, /worker-1 \(guest\) gets later ones meanwhile/);
    assert.match(offered, /competes with worker-1 \(guest\)/);
    await workbench.screenshot('peek modes');
    await quickInput.pick('Peek');
    await quickInput.message.filter({ hasText: /from the head of the queue \(5 ready\)/ }).waitFor();
    assert.equal(await quickInput.input.inputValue(), '3');
    await quickInput.type('0');
    await quickInput.message.filter({ hasText: 'Enter a whole number from 1 to 10,000.' }).waitFor();
    await workbench.screenshot('peek count');
    await quickInput.fill('2');
    await saysLine('Looked at 2 of 5 messages; all are back in the queue, marked redelivered.');
    const text = await workbench.output.wholeText(channel);
    assert.match(text, /peek \(first 2\): they go back at once, marked redelivered/);
    assert.match(text, /^ {5}\{ "id": 2 \}$/m);
    assert.equal(text.includes('"id": 3'), false);
    await workbench.output.hasLens(2, '↩ requeued');
    await vhost.hasCounts('orders', 5, 1);
    await workbench.screenshot('peek orders');
  });

  it('goes on with twice as many from the first', async () => {
    await workbench.output.clickTitleButton('Peek More');
    await saysLine('Looked at 4 of 5 messages; all are back in the queue, marked redelivered.');
    await workbench.run('RabbitMQ: Tail Again');
    await waitFor(async () => (await workbench.quickInput.input.inputValue()) === '4', { describe: 'the last number' });
    await workbench.quickInput.cancel();
    await vhost.hasCounts('orders', 5, 1);
  });

  it('says beside each message in the Messages panel that it went back', async () => {
    const { messages, output } = workbench;
    await output.clickTitleButton('Show in Messages Panel');
    await messages.hasState(4, 'requeued');
    await workbench.screenshot('peek in messages');
    await messages.titleButton('Show in Output Panel').click();
    await output.editor.waitFor();
  });

  it('is refused where it would lose what is looked at, and other ways are offered', async () => {
    await workbench.tree.menu('fragile', 'Peek Queue…');
    await workbench.notification('fragile cannot be peeked: by its delivery limit').waitFor();
    await workbench.screenshot('peek refused');
    await workbench.notificationButton('fragile cannot be peeked', 'Read Otherwise…');
    await workbench.quickInput.row('Hold').waitFor();
    assert.equal((await workbench.quickInput.labels()).includes('Peek'), false);
    assert.match((await workbench.quickInput.row('Hold').getAttribute('class')) ?? '', /focused/);
    await workbench.quickInput.row('Why not Peek?').waitFor();
    assert.match(await workbench.quickInput.widget.innerText(), /fragile cannot be peeked/);
    await workbench.screenshot('peek refused modes');
    await workbench.quickInput.cancel();
  });

  it('keeps a message that its next return would lose, until it is copied elsewhere', async () => {
    const { output, quickInput } = workbench;
    const own = 'RabbitMQ: limited';
    await workbench.tree.menu('limited', 'Peek Queue…');
    await quickInput.fill('10');
    await saysLine("#1 is not given back: it came back twice, the queue's delivery limit", own);
    await output.hasLens(1, 'Copy elsewhere and ack…');
    await workbench.screenshot('peek kept');
    await output.clickTitleButton('Stop Tail');
    assert.match(await workbench.modal.innerText(), /#1 came back as often as the delivery limit allows/);
    await workbench.screenshot('peek kept stop');
    await workbench.modalButton('Cancel');
    await output.clickLens(1, 'Copy elsewhere and ack…');
    await quickInput.pick('rescue');
    await output.hasLens(1, '✓ acked');
    await vhost.hasCounts('rescue', 1, 0);
    await saysLine('Stopped', own);
    await workbench.screenshot('peek copied');
    const looking = await client.createChannel();
    assert.equal((await looking.checkQueue('limited')).messageCount, 0);
  });
});

/** Five messages behind one that a consumer holds, a queue whose first return drops, and one with a message at its limit. */
async function prepare(client: Awaited<ReturnType<typeof connect>>): Promise<void> {
  const own = await client.createConfirmChannel();
  await own.assertQueue('orders');
  await own.assertQueue('rescue');
  await own.assertQueue('fragile', { arguments: limited(0) });
  await own.assertQueue('limited', { arguments: limited(2) });
  for (let id = 0; id <= 5; id++) {
    own.sendToQueue('orders', Buffer.from(JSON.stringify({ id })), { contentType: 'application/json' });
  }
  own.sendToQueue('limited', Buffer.from('once too often'), { contentType: 'text/plain' });
  await own.waitForConfirms();
  await own.prefetch(1);
  await own.consume('orders', () => undefined, { consumerTag: 'worker-1' });
  for (let time = 1; time <= 2; time++) {
    const other = await client.createChannel();
    await other.get('limited');
    await other.close();
    await waitFor(async () => (await own.checkQueue('limited')).messageCount === 1, { describe: 'it is back' });
  }
}

function limited(limit: number): object {
  return { 'x-queue-type': 'quorum', 'x-delivery-limit': limit };
}
