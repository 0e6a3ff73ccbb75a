import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { reopenAfter } from '../../../src/ui/connectionForm/afterFailure.ts';
import { formSteps } from '../../../src/ui/connectionForm/formSteps.ts';
import { keepsNone } from '../../../src/ui/connectionForm/secrets.ts';
import { secretChanges } from '../../../src/ui/connectionForm/secrets.ts';
import {
  checkFile,
  checkFiles,
  checkHosts,
  checkSeconds,
  checkServerName,
  readFiles,
  readPath,
} from '../../../src/ui/connectionForm/validate.ts';
import {
  localValues,
  profileOf,
  targetOf,
  valuesOfUri,
  withTls,
  type FormValues,
} from '../../../src/ui/connectionForm/values.ts';
import { isBlocking, type Problem } from '../../../src/ui/picks/steps.ts';
import { play, type Action } from './playForm.ts';

const remote: FormValues = { ...localValues, host: 'mq.test' };
const steps = formSteps({ taken: [], remoteName: undefined, keeps: () => keepsNone });
/** More questions on demand, as the form has them. */
const more = (values: FormValues): FormValues | undefined =>
  values.asksAll ? undefined : { ...values, asksAll: true };
const idsOf = (seen: readonly string[]): string[] => seen.map((each) => each.replace(/ .*/s, ''));

describe('the connection form and certificates', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'warren-form-'));
    for (const name of ['ca.pem', 'more.pem', 'ann.pem', 'ann.key', 'ann.p12']) writeFileSync(file(name), '');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('asks about them only where that was chosen', async () => {
    const { ids } = await filled({ pick: 'TLS' });
    assert.deepEqual(ids, ['host', 'tls', 'port', 'vhost', 'username', 'password', 'managementUrl', 'name']);
    const { ids: own, values } = await filled({ pick: 'TLS with Own Certificates…' });
    assert.deepEqual(own.slice(1, 6), ['tls', 'caFiles', 'clientCertificate', 'serverName', 'verification']);
    assert.equal(targetOf(values).tlsOptions, undefined);
    assert.equal(values.port, 5671);
  });

  it('takes an authority, a certificate with its key and passphrase, and another name', async () => {
    const { ids, values } = await filled(
      { pick: 'TLS with Own Certificates…' },
      `${file('ca.pem')}${delimiter}${file('more.pem')}`,
      { pick: 'Certificate and Key…' },
      file('ann.pem'),
      file('ann.key'),
      'sesame',
      'broker.example.com',
    );
    assert.deepEqual(ids.slice(2, 9), [
      'caFiles',
      'clientCertificate',
      'certFile',
      'keyFile',
      'tlsPassphrase',
      'serverName',
      'verification',
    ]);
    assert.deepEqual(targetOf(values).tlsOptions, {
      caFiles: [file('ca.pem'), file('more.pem')],
      certFile: file('ann.pem'),
      keyFile: file('ann.key'),
      serverName: 'broker.example.com',
    });
    assert.equal(JSON.stringify(profileOf(values, [])).includes('sesame'), false);
    assert.equal(secretChanges(values, undefined).tlsPassphrase, 'sesame');
  });

  it('takes a PKCS #12 file instead, and logs in by it', async () => {
    const { ids, values } = await filled(
      { pick: 'TLS with Own Certificates…' },
      'ENTER',
      { pick: 'PKCS #12 File…' },
      file('ann.p12'),
      'sesame',
      'ENTER',
      'ENTER',
      'ENTER',
      'ENTER',
      { pick: 'Client Certificate' },
    );
    assert.ok(ids.includes('authentication') && !ids.includes('username') && !ids.includes('password'), ids.join());
    const target = targetOf(values);
    assert.deepEqual(target.tlsOptions, { pfxFile: file('ann.p12') });
    assert.equal(target.authentication, 'external');
    assert.equal(target.username, '');
    assert.equal(secretChanges(values, undefined).password, null);
  });

  it('marks what is not verified, and forgets it with plain TLS', async () => {
    const { values } = await filled({ pick: 'TLS with Own Certificates…' }, 'ENTER', 'ENTER', 'ENTER', {
      pick: '$(warning) Do Not Verify',
    });
    assert.deepEqual(targetOf(values).tlsOptions, { insecure: true });
    const again = await play({ steps, state: values }, ['ENTER', { pick: 'TLS' }]);
    assert.equal(again.end.kind === 'done' && targetOf(again.end.state).tlsOptions, undefined);
  });

  it('saves no certificates where nothing is encrypted, and no login by them', () => {
    const values = withTls(
      { ...remote, tls: true, port: 5671, authentication: 'external', tlsOptions: { pfxFile: '/p' } },
      false,
    );
    assert.deepEqual(targetOf(values), { ...targetOf(remote), port: 5672 });
    const https = { ...remote, managementUrl: 'https://mq.test', tlsOptions: { caFiles: ['/ca.pem'] } };
    assert.deepEqual(targetOf(https).tlsOptions, { caFiles: ['/ca.pem'] });
  });

  it('opens with the question that a failure is about', async () => {
    const state = { ...remote, tls: true, port: 5671 };
    for (const [code, id] of [
      ['tlsUntrusted', 'caFiles'],
      ['tlsHostMismatch', 'serverName'],
      ['tlsClientCertificateRequired', 'clientCertificate'],
    ] as const) {
      const { startAt, values } = reopenAfter(code, state);
      const { seen } = await play({ steps, state: values, startAt }, ['ESC']);
      assert.deepEqual(idsOf(seen), [id]);
    }
    const { startAt, values } = reopenAfter('tlsPassphraseWrong', {
      ...state,
      tlsOptions: { pfxFile: file('ann.p12') },
    });
    const { seen } = await play({ steps, state: values, startAt }, ['ESC']);
    assert.deepEqual(idsOf(seen), ['tlsPassphrase']);
  });

  it('refuses while it is typed what is no file', () => {
    assert.equal(checkFile(file('ca.pem')), undefined);
    assert.match(said(checkFile(file('gone.pem'))), /^There is no file .*gone\.pem\.$/);
    assert.match(said(checkFile(folder)), /is not a file\.$/);
    assert.match(said(checkFile('ca.pem')), /^Enter the whole path/);
    assert.match(said(checkFile(' ')), /^Enter the path/);
    assert.match(said(checkFile('/a\0b')), /cannot be read/);
    assert.equal(checkFiles(''), undefined);
    assert.match(said(checkFiles(`${file('ca.pem')}${delimiter}${file('gone.pem')}`)), /gone\.pem/);
    assert.deepEqual(readFiles(` /a ${delimiter}${delimiter}/b`), ['/a', '/b']);
    assert.equal(readPath('~/ca.pem'), join(homedir(), 'ca.pem'));
    assert.equal(isBlocking(checkServerName('a b')), true);
    assert.equal(checkServerName(''), undefined);
  });
});

describe('the advanced questions of the connection form', () => {
  it('come on demand, at the same question, and make nobody else answer more', async () => {
    const { seen, end } = await play({ steps, state: remote, more }, [
      'ENTER',
      'MORE',
      'ENTER',
      'ENTER',
      'mq-2, mq-3:5673',
      'ENTER',
      { pick: 'User and Password by AMQPLAIN' },
      'ann',
      'sesame',
      'ENTER',
      'admin',
      'other',
      '5',
      '30',
    ]);
    assert.deepEqual(idsOf(seen), [
      'host',
      'tls',
      'tls',
      'port',
      'failover',
      'vhost',
      'authentication',
      'username',
      'password',
      'managementUrl',
      'managementUsername',
      'managementPassword',
      'heartbeat',
      'connectTimeout',
      'name',
    ]);
    assert.ok(end.kind === 'done');
    assert.deepEqual(targetOf(end.state), {
      ...targetOf(remote),
      username: 'ann',
      failover: [
        { host: 'mq-2', port: 5672 },
        { host: 'mq-3', port: 5673 },
      ],
      authentication: 'amqplain',
      managementUsername: 'admin',
      heartbeatSeconds: 5,
      connectTimeoutSeconds: 30,
    });
    const { password, managementPassword } = secretChanges(end.state, undefined);
    assert.deepEqual([password, managementPassword], ['sesame', 'other']);
  });

  it('save nothing where they are left as they are', async () => {
    const { end } = await play({ steps, state: remote, more }, ['MORE']);
    assert.deepEqual(end.kind === 'done' && targetOf(end.state), targetOf(remote));
  });

  it('are asked again where one was answered, with the answers filled in', async () => {
    const state = valuesOfUri('amqps://ann:x@a,b:1/v?heartbeat=7&cacertfile=/ca.pem');
    const { seen } = await play({ steps, state: { ...state, tlsOptions: {} } }, []);
    assert.ok(
      seen.some((each) => /^failover \d+\/\d+ b:1$/.test(each)),
      seen.join(),
    );
    assert.ok(
      seen.some((each) => /^heartbeat \d+\/\d+ 7$/.test(each)),
      seen.join(),
    );
  });

  it('move usual ports of all hosts along with TLS', () => {
    const values = withTls(valuesOfUri('amqp://a,b:1,c'), true);
    assert.deepEqual(values.failover, [
      { host: 'b', port: 1 },
      { host: 'c', port: 5671 },
    ]);
  });

  it('refuse what is no list of hosts, and no number within its limit', () => {
    assert.equal(checkHosts(''), undefined);
    assert.equal(checkHosts('a, [::1]:5'), undefined);
    assert.match(said(checkHosts('a b')), /^Enter hosts with a comma between them.*"a b"/);
    const limit = { least: 2, usual: 3, most: 9 };
    assert.equal(checkSeconds('', limit), undefined);
    assert.equal(checkSeconds(' 9 ', limit), undefined);
    for (const text of ['1', '10', '3.5', 'x', '-3', '1e1']) {
      assert.equal(checkSeconds(text, limit), 'Enter a whole number from 2 to 9.', text);
    }
  });
});

/** Goes through the form for mq.test. */
async function filled(...actions: readonly Action[]): Promise<{ ids: string[]; values: FormValues }> {
  const { seen, end } = await play({ steps, state: remote }, ['ENTER', ...actions]);
  assert.equal(end.kind, 'done');
  return { ids: idsOf(seen), values: end.kind === 'done' ? end.state : remote };
}

function said(problem: Problem | undefined): string {
  return typeof problem === 'string' ? problem : '';
}
