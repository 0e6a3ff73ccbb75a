import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { deleteDetail } from '../../../src/ui/connectionForm/consequences.ts';
import {
  localValues,
  profileOf,
  proposeName,
  valuesOfProfile,
  valuesOfUri,
  withTls,
} from '../../../src/ui/connectionForm/values.ts';
import { isSameTarget } from '../../../src/broker/profile.ts';
import {
  checkHost,
  checkManagementUrl,
  checkName,
  checkPort,
  checkUri,
  checkUsername,
  checkVhost,
  looksLikeUri,
  readHost,
  readManagementUrl,
} from '../../../src/ui/connectionForm/validate.ts';
import { isBlocking } from '../../../src/ui/picks/steps.ts';

const secret = 'p@ss/w%rd?';

describe('the values of the connection form', () => {
  it('come from a URI, decoded', () => {
    const values = valuesOfUri(` amqps://j%C3%BCrgen:${encodeURIComponent(secret)}@[::1]:5679/a%2Fb `);
    assert.deepEqual(values, {
      host: '::1',
      port: 5679,
      tls: true,
      vhost: 'a/b',
      username: 'jürgen',
      password: secret,
      managementUrl: '',
      name: '',
    });
  });

  it('become a profile without the password', () => {
    const profile = profileOf({ ...localValues, password: secret, name: 'mine' }, []);
    assert.deepEqual(profile, {
      name: 'mine',
      host: 'localhost',
      port: 5672,
      tls: false,
      vhost: '/',
      username: 'guest',
    });
  });

  it('of a saved connection lead to the same profile', () => {
    const profile = { ...profileOf({ ...localValues, managementUrl: 'https://x/y', name: 'n' }, []), id: 'id' };
    const again = { ...profileOf(valuesOfProfile(profile), []), id: 'id' };
    assert.deepEqual(again, profile);
    assert.equal(isSameTarget(again, profile), true);
    assert.equal(isSameTarget({ ...profile, managementUrl: 'https://x/z' }, profile), false);
  });

  it('propose a name from host and virtual host that no other connection has', () => {
    assert.equal(proposeName(localValues, []), 'localhost');
    assert.equal(proposeName({ ...localValues, vhost: 'shop' }, ['localhost']), 'localhost/shop');
    assert.equal(proposeName(localValues, ['localhost', 'localhost (2)']), 'localhost (3)');
  });

  it('move a usual port along with TLS, and keep one that was chosen', () => {
    assert.equal(withTls(localValues, true).port, 5671);
    assert.equal(withTls(withTls(localValues, true), false).port, 5672);
    assert.equal(withTls({ ...localValues, port: 31_000 }, true).port, 31_000);
    assert.equal(withTls({ ...localValues, tls: true, port: 5672 }, true).port, 5672);
  });
});

describe('checking what is typed into the connection form', () => {
  it('tells URIs from other text', () => {
    for (const text of ['amqp://h', 'AMQPS://h', ' amqp:', 'http://h']) assert.equal(looksLikeUri(text), true, text);
    for (const text of ['', 'host', 'host:5672', 'amqp']) assert.equal(looksLikeUri(text), false, text);
  });

  it('says what is wrong with a URI and never repeats its password', () => {
    const bad = [
      `amqp://u:${secret}@h/v/w`,
      `amqp://u:sesame@h:99999/`,
      `amqp://u:sesame@h/%zz`,
      'amqp://u:sesame@',
      'http://u:sesame@h',
      'amqp://u:ses%zzame@h',
      '',
    ];
    for (const text of bad) {
      const problem = checkUri(text);
      assert.ok(typeof problem === 'string', text);
      assert.doesNotMatch(problem, /sesame|ame@|ss\/w/);
    }
    assert.equal(checkUri('amqp://host'), undefined);
  });

  it('takes host names and addresses, and nothing around them', () => {
    for (const host of ['localhost', 'a.b-c.example', '10.0.0.1', '::1', '[2001:db8::1]', ' rabbit ', 'bücher.example'])
      assert.equal(checkHost(host), undefined, host);
    for (const host of ['', ' ', 'a b', 'host:5672', 'user@host', 'host/vhost', 'amqp://host', '[::1]:5672', 'a\\b'])
      assert.equal(isBlocking(checkHost(host)), true, host);
    assert.equal(readHost(' [::1] '), '::1');
  });

  it('takes ports from 1 to 65535', () => {
    for (const port of ['1', '5672', '65535', ' 5672 ']) assert.equal(checkPort(port), undefined, port);
    for (const port of ['', '0', '65536', '-1', '1.5', '0x10', '1e3', 'amqp'])
      assert.equal(isBlocking(checkPort(port)), true, port);
  });

  it('notes that a leading slash belongs to the virtual host', () => {
    assert.equal(checkVhost('/'), undefined);
    assert.equal(checkVhost('orders'), undefined);
    assert.deepEqual(checkVhost('/orders'), {
      severity: 'info',
      message: 'The slash belongs to the name: this is "/orders", not "orders".',
    });
    assert.equal(isBlocking(checkVhost('ü'.repeat(128))), true);
    assert.equal(isBlocking(checkUsername('')), true);
  });

  it('takes a management URL, an empty one, and drops a login in it', () => {
    for (const url of ['', 'http://h:15672', 'https://h/prefix/', 'https://h/x/#/queues'])
      assert.equal(checkManagementUrl(url), undefined, url);
    for (const url of ['h:15672', 'amqp://h', 'https://', 'nonsense'])
      assert.equal(isBlocking(checkManagementUrl(url)), true, url);
    assert.equal(readManagementUrl(' https://u:sesame@h/prefix/api/ '), 'https://h/prefix');
    assert.equal(readManagementUrl(' '), '');
  });

  it('refuses an empty name and only warns of one that is taken', () => {
    assert.equal(isBlocking(checkName('  ', [])), true);
    assert.equal(checkName('a', ['b']), undefined);
    assert.equal(isBlocking(checkName('b ', ['b'])), false);
    assert.notEqual(checkName('b ', ['b']), undefined);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const check of [checkUri, checkHost, checkPort, checkVhost, checkUsername, checkManagementUrl])
          check(text);
        if (checkManagementUrl(text) === undefined) readManagementUrl(text);
      }),
      { seed: 20271 },
    );
  });
});

describe('what deleting a connection says', () => {
  it('counts the tails that stop and the messages that go back', () => {
    assert.equal(deleteDetail({ tails: 0, held: 0, lost: 0 }), 'Nothing on the broker is changed.');
    assert.equal(
      deleteDetail({ tails: 1, held: 0, lost: 0 }),
      'Nothing on the broker is changed. A running tail stops.',
    );
    assert.match(
      deleteDetail({ tails: 1, held: 1, lost: 0 }),
      /A running tail stops, and the message it holds goes back/,
    );
    assert.match(
      deleteDetail({ tails: 3, held: 1200, lost: 0 }),
      /3 running tails stop, and the 1,200 messages held go back\.$/,
    );
    assert.match(
      deleteDetail({ tails: 1, held: 4, lost: 2 }),
      /held go back\. By its delivery limit the queue drops or dead-letters 2 of them then\.$/,
    );
    assert.match(deleteDetail({ tails: 1, held: 1, lost: 1 }), /the queue drops or dead-letters it then\.$/);
  });
});
