import assert from 'node:assert/strict';
import type { ConfirmChannel, ChannelModel } from 'amqplib';
import { connect } from '../support/amqplib.ts';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Workbench } from './pages/workbench.ts';

const channel = 'RabbitMQ: events';

describe('a stream', () => {
  let vhost: FreshVhost;
  let connection: ChannelModel;
  let publisher: ConfirmChannel;
  let workbench: Workbench;
  let published = 0;
  before(async () => {
    vhost = await freshVhost();
    connection = await connect(vhost.amqpUrl);
    publisher = await connection.createConfirmChannel();
    await publisher.assertQueue('events', { durable: true, arguments: { 'x-queue-type': 'stream' } });
    await publish(100);
    workbench = await Workbench.open({
      height: 1300,
      settings: { 'warren.refreshInterval': 1, 'warren.stream.pageSize': 10 },
    });
    await addConnection(workbench, { name: 'local', broker: vhost, vhost: vhost.vhost, management: true });
    await workbench.tree.row('events').waitFor();
  });
  after(async () => {
    await workbench.dispose();
    await connection.close();
    await vhost.dispose();
  });

  async function publish(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const content = Buffer.from(JSON.stringify({ event: published++ }));
      publisher.sendToQueue('events', content, { contentType: 'application/json', persistent: true });
    }
    await publisher.waitForConfirms();
  }

  async function says(text: string): Promise<void> {
    await waitFor(async () => (await workbench.output.wholeText(channel)).includes(text), {
      describe: `a line with ${text}`,
    });
  }

  it('asks where to begin, and refuses what the broker would not take', async () => {
    await workbench.tree.action('events', 'Tail Queue');
    await workbench.quickInput.title.filter({ hasText: 'Read events on local' }).waitFor();
    assert.deepEqual(await workbench.quickInput.labels(), ['First', 'Last', 'Next', 'Offset…', 'Time…', 'Age…']);
    await workbench.screenshot('stream start');
    await workbench.quickInput.pick('Age…');
    await workbench.quickInput.title.filter({ hasText: '2/3' }).waitFor();
    await workbench.quickInput.fill('7d');
    await workbench.quickInput.message.filter({ hasText: 'The age must be a number from 1 and a unit' }).waitFor();
    await workbench.screenshot('stream age refused');
    await workbench.quickInput.button('Back');
    await workbench.quickInput.pick('Time…');
    await workbench.quickInput.input.and(workbench.page.locator('[placeholder^="14:05"]')).waitFor();
    await workbench.quickInput.type('yesterday 14:05');
    await workbench.quickInput.message.filter({ hasText: '14:05:00 GMT' }).waitFor();
    await workbench.screenshot('stream time understood');
    await workbench.quickInput.cancel();
  });

  it('is tailed from the first message, page by page', async () => {
    await workbench.tree.action('events', 'Tail Queue');
    await workbench.quickInput.pick('First');
    await workbench.quickInput.row('Follow').waitFor();
    await workbench.screenshot('stream reading');
    await workbench.quickInput.pick('Page by page');
    await says('Tailing events on local, stream from the first message, 10 at a time: nothing is taken off it');
    await says('Offsets 0–9 of 0–99 · the beginning');
    assert.match(
      await workbench.output.wholeText(channel),
      /^#10 .* {3}application\/json {2}\d+ B {2}offset 9 {2}persistent\n {5}\{ "event": 9 \}$/m,
    );
    await workbench.screenshot('stream first page');
  });

  it('is paged forth and back by the title bar', async () => {
    await workbench.output.clickTitleButton('Next Page');
    await says('Offsets 10–19 of 0–99');
    await workbench.output.clickTitleButton('Next Page');
    await says('Offsets 20–29 of 0–99');
    await workbench.output.clickTitleButton('Previous Page');
    await waitFor(async () => (await workbench.output.wholeText(channel)).split('Offsets 10–19').length === 3, {
      describe: 'the page before once more',
    });
    assert.match(await workbench.output.wholeText(channel), /^#40 .* offset 19 /m);
    await workbench.screenshot('stream paged back');
  });

  it('goes to an offset that is typed, to the last page and no further', async () => {
    await workbench.run('RabbitMQ: Go to Offset…');
    await workbench.quickInput.message.filter({ hasText: 'offsets 10–19 of 0–99' }).waitFor();
    await workbench.quickInput.fill('-1');
    await workbench.quickInput.message.filter({ hasText: 'The offset must be a whole number from 0.' }).waitFor();
    await workbench.screenshot('stream go to');
    await workbench.quickInput.fill('42');
    await says('Offsets 42–51 of 0–99');
    await workbench.run('RabbitMQ: Last Page');
    await says('Offsets 90–99 of 0–99 · the end so far');
    await workbench.output.clickTitleButton('Next Page');
    await says('This is the end so far: the stream has nothing after offset 99 yet');
    await workbench.screenshot('stream end');
  });

  it('is followed when delivery resumes', async () => {
    await workbench.output.clickTitleButton('Resume Delivery');
    await says('Following from offset 100 of 0–99');
    await publish(3);
    await says('{ "event": 102 }');
    await workbench.screenshot('stream followed');
    await workbench.output.clickTitleButton('Pause Delivery');
    await says('Paused; goes on at offset 103');
  });

  it('is paged in the Messages panel too', async () => {
    await workbench.run('RabbitMQ: Show in Messages Panel');
    const before = (await workbench.output.wholeText(channel)).split('Offsets 90–99').length;
    await workbench.output.clickTitleButton('Previous Page');
    await waitFor(
      async () => (await workbench.output.wholeText(channel)).split('Offsets 90–99').length === before + 1,
      {
        describe: 'the page before',
      },
    );
    await workbench.messages.rows.filter({ hasText: '{ "event": 99 }' }).last().waitFor();
    await workbench.messages.says('offsets 90–99 of 0–102');
    await workbench.messages.cell(73, 'flags').filter({ hasText: 'offset 99' }).waitFor();
    await workbench.screenshot('stream in messages');
  });

  it('is read in the same way again, and nothing is asked', async () => {
    await workbench.statusBar('1 tail').click();
    await workbench.output.clickTitleButton('Stop Tail');
    await says('Stopped.');
    await workbench.output.clickTitleButton('Tail Again');
    await says('Offsets 0–9 of 0–102 · the beginning');
    await workbench.output.clickTitleButton('Stop Tail');
    await workbench.output.titleButton('Tail Again').waitFor();
  });

  it('has all its messages still', async () => {
    const reader = await connection.createChannel();
    let count = 0;
    await reader.prefetch(1_000);
    await reader.consume('events', () => count++, { arguments: { 'x-stream-offset': 'first' } });
    await reader.checkQueue('events');
    assert.equal(count, published);
    await reader.close();
  });

  it('that shows only by a message what it is is offered to be read by offset', async () => {
    const consumers = async (): Promise<string[]> => {
      const all = await vhost.management.request('GET', `consumers/${encodeURIComponent(vhost.vhost)}`);
      return (all as readonly { readonly consumer_tag: string }[]).map((each) => each.consumer_tag);
    };
    const before = await consumers();
    await addConnection(workbench, { name: 'bare', broker: vhost, vhost: vhost.vhost, management: false });
    await workbench.run('RabbitMQ: Tail Queue…');
    await workbench.quickInput.pick('bare');
    await workbench.quickInput.fill('events');
    await workbench.quickInput.pick('Hold');
    await workbench.statusBar('1 tail').waitFor();
    await waitFor(async () => (await consumers()).some((tag) => !before.includes(tag)), { describe: 'its consumer' });
    await publish(1);
    await workbench.notificationButton('events on bare is a stream', 'Read by Offset…');
    await workbench.quickInput.pick('Last');
    await workbench.quickInput.pick('Page by page');
    await waitFor(
      async () => (await workbench.output.wholeText('RabbitMQ: events (bare)')).includes('Offsets 94–103 of 0–103'),
      { describe: 'the last page' },
    );
    await workbench.screenshot('stream without management');
  });
});
