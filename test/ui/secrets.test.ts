import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { freePort } from '../../scripts/lib/ports.mjs';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { distinctiveSecret, type Secret, SecretSearch } from '../support/secrets.ts';
import { waitFor } from '../support/waitFor.ts';
import { addConnection } from './pages/connections.ts';
import { Traces, type Trace } from './pages/traces.ts';
import { Workbench } from './pages/workbench.ts';

const exported = 'rabbitmq-connections.json';

/** Where the workbench keeps what SecretStorage is given; encrypted, with a key of which the server has a half. */
const secretStore = 'localStorage/secrets.provider';

describe('the secrets of a run', () => {
  const secrets: Secret[] = [];
  let vhost: FreshVhost;
  let workbench: Workbench;
  let traces: Traces;
  let all: Trace[];

  function newSecret(name: string): string {
    const { value, searched } = distinctiveSecret(name);
    secrets.push(...searched);
    return value;
  }

  const saved = newSecret('of a saved connection');
  const refused = newSecret('that the broker refused');
  const unreachable = newSecret('for a host that nobody can reach');
  const malformed = newSecret('in a malformed URI');
  const apiRefuses = newSecret('of a user whom the management API refuses');
  const inFile = newSecret('in a .env file');
  const inSettings = newSecret('in the settings');
  const entered = newSecret('that was entered when it was asked for');
  const marker = `marked-${randomBytes(6).toString('hex')}`;
  const plain = `plain-${randomBytes(6).toString('hex')}`;

  const uriOf = (user: string, password: string, place = `${vhost.host}:${vhost.amqpPort}`): string =>
    `amqp://${user}:${encodeURIComponent(password)}@${place}/${vhost.vhost}`;

  before(async () => {
    vhost = await freshVhost();
    await vhost.management.createUser(marker, saved, 'management');
    await vhost.management.createUser(plain, apiRefuses);
    const everything = { configure: '.*', write: '.*', read: '.*' };
    for (const user of [marker, plain]) await vhost.management.grant(vhost.vhost, user, everything);
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    workbench = await Workbench.open({
      files: { '.env': `AMQP_URL=${uriOf('ann', inFile)}\n`, 'order.json': '{"id":7}' },
      settings: {
        'warren.refreshInterval': 1,
        'warren.connections': [{ name: 'careless', host: 'h', password: inSettings }],
      },
      prepare: async (page) => {
        traces = await Traces.watch(page);
      },
    });
  });
  after(async () => {
    await workbench.dispose();
    for (const user of [marker, plain]) await vhost.management.deleteUser(user);
    await vhost.dispose();
  });

  const isDescribed = (name: string, text: RegExp): Promise<unknown> =>
    waitFor(async () => text.test(await workbench.tree.description(name)), {
      describe: `${name} described by ${text.source}`,
    });

  const writtenByHand = (): string[] => ['.env', '.vscode/settings.json'].map((name) => `${workbench.folder}/${name}`);

  /** Pastes a URI, and accepts it when it is read. */
  async function addUri(uri: string): Promise<void> {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.type(uri);
    await workbench.quickInput.widget.getByText('Connect to').first().waitFor();
    await workbench.quickInput.accept();
  }

  it('are used: a connection is added, shown in full, copied, tailed and published to', async () => {
    const broker = { ...vhost, user: marker, password: saved };
    await addConnection(workbench, { name: marker, broker, vhost: vhost.vhost, management: true });
    await workbench.tree.row('orders').waitFor();
    await workbench.hover(workbench.tree.row(marker), 'Address');
    await workbench.tree.menu(marker, 'Copy URI without Password');
    await workbench.statusBar('URI copied').waitFor();
    await traces.keepClipboard();
    await workbench.run('RabbitMQ: Export Connections…');
    await workbench.quickInput.row(marker).waitFor();
    await workbench.quickInput.accept();
    await workbench.quickInput.title.filter({ hasText: 'Export Connections' }).waitFor();
    await waitFor(async () => (await workbench.quickInput.input.inputValue()).endsWith(exported), {
      describe: 'the file to export to',
    });
    await workbench.quickInput.accept();
    await workbench.statusBar('Exported 1 connection').waitFor();
    await workbench.openFile('order.json');
    await workbench.tree.menu('orders', 'Publish Message');
    await workbench.statusBar('confirmed and routed').waitFor();
    await workbench.tree.action('orders', 'Tail Queue');
    await workbench.quickInput.pick('Hold');
    await workbench.output.hasLens(1, /^Ack$/);
  });

  it('are used: by a broker that refuses the password, and by a person who enters another wrong one', async () => {
    await addUri(uriOf(marker, refused));
    await workbench.notification('refused user').waitFor();
    await workbench.notificationButton('refused user', 'Save Anyway');
    const name = `${vhost.host}/${vhost.vhost}`;
    await workbench.tree.row(name).waitFor();
    await workbench.tree.menu(name, 'Connect');
    await workbench.notification('refused user').waitFor();
    await workbench.screenshot('secrets refused');
    await workbench.notificationButton('refused user', 'Enter Password…');
    await workbench.quickInput.fill(entered);
    await workbench.notification('refused user').waitFor();
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('are used: for a host that nobody can reach, in a malformed URI, and for an API that refuses', async () => {
    await addUri(uriOf('ann', unreachable, `127.0.0.1:${await freePort()}`));
    await workbench.notification('Nothing listens').waitFor();
    await workbench.notificationButton('Nothing listens', 'Save Anyway');
    const name = `${vhost.host}/${vhost.vhost} (2)`;
    await workbench.tree.row(name).waitFor();
    await workbench.tree.menu(name, 'Connect');
    await workbench.notification('Nothing listens').waitFor();
    await workbench.run('RabbitMQ: Add Connection…');
    for (const uri of [
      `amqp://ann:${malformed}@host:99999/`,
      uriOf('ann', malformed, 'h:1/a'),
      `amqp://ann:${malformed}`,
    ]) {
      await workbench.quickInput.type(uri);
      await workbench.quickInput.widget
        .getByText(/That is not an AMQP URI/)
        .first()
        .waitFor();
      await workbench.quickInput.accept();
    }
    await workbench.quickInput.cancel();
    await addConnection(workbench, {
      name: plain,
      broker: { ...vhost, user: plain, password: apiRefuses },
      vhost: vhost.vhost,
      management: true,
    });
    await workbench.tree.row('Only queues known by name').waitFor();
    await workbench.hover(workbench.tree.row(plain), 'Address');
  });

  it('are used: after connections are lost, and after the window is loaded again', async () => {
    const connections = (await vhost.management.request('GET', 'connections')) as { name: string; user: string }[];
    for (const { name } of connections.filter(({ user }) => user === marker)) {
      await vhost.management.request('DELETE', `connections/${encodeURIComponent(name)}`).catch(() => undefined);
    }
    await waitFor(async () => (await workbench.output.wholeText('RabbitMQ: orders')).includes('Interrupted'), {
      describe: 'the loss in the output',
    });
    await isDescribed(marker, new RegExp(`^${marker}@`));
    await workbench.reload();
    await workbench.show('RabbitMQ');
    await workbench.tree.expand(marker);
    await workbench.tree.row('orders').waitFor();
  });

  it('can be searched for: each place is looked into, and the search finds them where they belong', async () => {
    const known = new SecretSearch([{ name: 'marker', value: marker }]);
    const missing = (): string[] => {
      const found = all.filter(({ content }) => known.in(content).length > 0).map(({ place }) => place);
      const wanted = [
        /^shown$/,
        /^clipboard$/,
        /^vscode-web-state-db-global/,
        /Warren\.log$/,
        /RabbitMQ orders\.log$/,
        /rabbitmq-connections\.json$/,
      ];
      return wanted.filter((pattern) => !found.some((place) => pattern.test(place))).map(({ source }) => source);
    };
    // The workbench writes its state when it has nothing else to do.
    await waitFor(
      async () => {
        all = await traces.all(workbench.folder);
        return missing().length === 0;
      },
      { timeoutMs: 30_000, describe: () => `the connection's name in ${missing().join(', ')}` },
    );
    assert.ok(
      all.some(({ place }) => place === secretStore),
      'there is no secret storage',
    );
    const search = new SecretSearch(secrets);
    const found = all.filter(({ content }) => search.in(content).length > 0).map(({ place }) => place);
    for (const place of writtenByHand()) assert.ok(found.includes(place), place);
  });

  it('are nowhere in the clear but in the files that a person wrote one into', () => {
    const search = new SecretSearch(secrets);
    // The editor keeps a copy of the settings.
    const leaks = all
      .filter(({ place }) => !writtenByHand().includes(place))
      .flatMap(({ place, content }) => search.in(content).map((leak) => ({ place, ...leak })))
      .filter(({ place, secret }) => !(secret === 'in the settings' && place.includes('/CachedConfigurations/')));
    assert.deepEqual(leaks, []);
  });
});
