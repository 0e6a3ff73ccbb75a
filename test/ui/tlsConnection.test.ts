import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { ownBroker, type OwnBroker } from '../support/broker.ts';
import { Authority, loopback, type CertificateFiles } from '../support/certificates.ts';
import { waitFor } from '../support/waitFor.ts';
import { Workbench } from './pages/workbench.ts';

describe('a connection over TLS in the workbench', () => {
  let ca: Authority;
  let client: CertificateFiles;
  let broker: OwnBroker;
  let workbench: Workbench;
  before(async () => {
    ca = await Authority.create();
    const server = await ca.issue({ name: 'server', hosts: loopback });
    client = await ca.issue({ name: 'ann', passphrase: 'open sesame' });
    broker = await ownBroker({ tls: { ...server, cacertfile: ca.cacertfile, clientsMustIdentify: true } });
    workbench = await Workbench.open();
    await workbench.show('RabbitMQ');
  });
  after(async () => {
    await workbench?.dispose();
    await broker?.dispose();
    ca?.dispose();
  });

  /** Waits for the question with this text. */
  const asked = (prompt: RegExp): Promise<void> => workbench.quickInput.message.filter({ hasText: prompt }).waitFor();

  async function answer(prompt: RegExp, text?: string): Promise<void> {
    await asked(prompt);
    if (text === undefined) await workbench.quickInput.accept();
    else await workbench.quickInput.fill(text);
  }

  async function choose(label: string): Promise<void> {
    await workbench.quickInput.pick(label);
  }

  const isDescribed = (text: RegExp): Promise<unknown> =>
    waitFor(async () => text.test(await workbench.tree.description('secure')), {
      describe: `secure described by ${String(text)}`,
    });

  it('says that the certificate is not trusted, and asks for its authority', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.fill(`amqps://guest:wrong-secret@localhost:${broker.tlsPort}/`);
    await workbench.notification('The certificate of localhost is not trusted: self-signed certificate').waitFor();
    await workbench.screenshot('tls not trusted');
    assert.equal(await workbench.tree.rows.count(), 0);
    await workbench.notificationButton('not trusted', 'Edit');
    await asked(/certificate authorities to trust/);
  });

  it('refuses a file that is not there while it is typed, and browses for the right one', async () => {
    await workbench.quickInput.type('/nowhere/ca.pem');
    await workbench.quickInput.message.filter({ hasText: 'There is no file /nowhere/ca.pem.' }).waitFor();
    await workbench.screenshot('tls no such file');
    await workbench.quickInput.type('');
    await workbench.quickInput.button('Browse…');
    const dialog = workbench.quickInput.title.filter({ hasText: 'Certificate authorities' });
    await dialog.waitFor();
    // VS Code's dialog may put its own folder into the box just after it has opened.
    await waitFor(
      async () => {
        await workbench.quickInput.type(ca.cacertfile);
        await workbench.quickInput.row(basename(ca.cacertfile)).waitFor({ timeout: 3_000 });
        await workbench.screenshot('tls browse');
        await workbench.quickInput.accept();
        await dialog.waitFor({ state: 'hidden', timeout: 3_000 });
        return true;
      },
      { describe: 'a file is chosen', timeoutMs: 25_000 },
    );
    await asked(/certificate authorities to trust/);
    assert.equal(await workbench.quickInput.input.inputValue(), ca.cacertfile);
    await workbench.quickInput.accept();
  });

  it('takes a client certificate whose key has a passphrase', async () => {
    await workbench.quickInput.row('Certificate and Key…').waitFor();
    await workbench.screenshot('tls client certificate');
    await choose('Certificate and Key…');
    await answer(/Client certificate with its chain/, client.certfile);
    await answer(/Private key of the client certificate/, client.keyfile);
    await asked(/Passphrase of the key/);
    assert.equal(await workbench.quickInput.input.getAttribute('type'), 'password');
    await workbench.quickInput.fill('open sesame');
    await answer(/Name that the broker's certificate is for/);
    await workbench.quickInput.row('Do Not Verify').waitFor();
    await workbench.screenshot('tls verification');
    await choose('Verify the Certificate');
    await answer(/^Port, usually 5671/);
    await answer(/Virtual host/);
    await choose('User and Password');
    await answer(/User name/);
    await answer(/Password of user guest/);
    await answer(/URL of the management API/, broker.managementTlsUrl);
    await answer(/Name of the connection/, 'secure');
  });

  it('is not saved with a wrong password, and connects when that is corrected', async () => {
    await workbench.notification('refused user guest').waitFor();
    await workbench.screenshot('tls wrong password');
    assert.equal(await workbench.tree.rows.count(), 0);
    await workbench.notificationButton('refused user guest', 'Edit');
    await answer(/Password of user guest/, 'guest');
    await answer(/URL of the management API/);
    await answer(/Name of the connection/);
    await isDescribed(/^guest@localhost:\d+\/$/);
    await workbench.tree.row('No queues').waitFor();
    await workbench.screenshot('tls connected');
  });

  it('keeps its passphrase over a reload, and nowhere that is shown', async () => {
    await workbench.reload();
    await workbench.show('RabbitMQ');
    await workbench.tree.expand('secure');
    await workbench.tree.row('No queues').waitFor();
    await workbench.tree.menu('secure', 'Copy URI without Password');
    await workbench.statusBar('URI copied').waitFor();
    const copied = String(await workbench.page.evaluate('navigator.clipboard.readText()'));
    assert.match(copied, /^amqps:\/\/guest@localhost:\d+\/%2F\?cacertfile=/);
    assert.doesNotMatch(copied, /sesame/);
  });

  it('is marked in its row when its broker is not verified', async () => {
    await workbench.tree.menu('secure', 'Edit Connection…');
    await answer(/Host name or IP address/);
    await choose('TLS with Own Certificates…');
    await answer(/certificate authorities to trust/);
    await choose('Certificate and Key…');
    await answer(/Client certificate with its chain/);
    await answer(/Private key of the client certificate/);
    await answer(/Passphrase of the key.*Leave empty to keep the saved one/);
    await answer(/Name that the broker's certificate is for/);
    await choose('Do Not Verify');
    await answer(/^Port, usually 5671/);
    await answer(/Virtual host/);
    await choose('User and Password');
    await answer(/User name/);
    // Whoever answers would get it: it is asked for anew.
    await answer(/Password of user guest/, 'guest');
    await answer(/URL of the management API/);
    await answer(/Name of the connection/);
    await isDescribed(/^not verified · guest@localhost:\d+\/$/);
    await workbench.tree.row('No queues').waitFor();
    await workbench.tree.row('No queues').hover();
    await workbench.tree.row('secure').locator('.label-name').hover();
    await workbench.page.locator('.workbench-hover').filter({ hasText: 'whoever answers gets the password' }).waitFor();
    await workbench.screenshot('tls not verified');
  });

  it('goes to the second of two hosts, and shows which one it is', async () => {
    const closed = await freePort();
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.pick('Enter step by step…');
    await answer(/Host name or IP address/, '127.0.0.1');
    await workbench.quickInput.title.filter({ hasText: '2/8' }).waitFor();
    await workbench.quickInput.button('Advanced…');
    await workbench.quickInput.title.filter({ hasText: '2/13' }).waitFor();
    await choose('No TLS');
    await answer(/^Port, usually 5672/, String(closed));
    await asked(/More hosts of the cluster/);
    await workbench.quickInput.type('a b');
    await workbench.quickInput.message.filter({ hasText: /Enter hosts with a comma/ }).waitFor();
    await workbench.screenshot('hosts refused');
    await workbench.quickInput.fill(`127.0.0.1:${broker.amqpPort}`);
    await answer(/Virtual host/);
    await choose('User and Password');
    await answer(/User name/);
    await answer(/Password of user guest/);
    await answer(/URL of the management API/, broker.managementUrl);
    await answer(/User of the management API/);
    await answer(/Heartbeat/, '10');
    await answer(/Time-out for connecting/, '5');
    await answer(/Name of the connection/, 'cluster');
    await waitFor(async () => (await workbench.tree.description('cluster')).includes(`:${broker.amqpPort} (+1)/`), {
      describe: 'the node connected to in the row',
    });
    await workbench.tree.row('cluster').locator('.label-name').hover();
    await workbench.page.locator('.workbench-hover').filter({ hasText: 'Connected to' }).waitFor();
    await workbench.screenshot('hosts connected');
  });
});
