import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AppError } from '../../../src/common/errors.ts';
import { parseAddLink, passwordSentence } from '../../../src/ui/connections/addLink.ts';

function reasonOf(query: string, path = '/add'): string {
  try {
    parseAddLink({ path, query });
  } catch (error) {
    assert.ok(error instanceof AppError && error.is('invalidInput'), String(error));
    return error.params.reason;
  }
  assert.fail(`${query} was accepted`);
}

function sentence(uri: string): string {
  return passwordSentence(parseAddLink({ path: '/add', query: `uri=${uri}` }));
}

describe('a link that adds a connection', () => {
  it('has an AMQP URI, and a name where it wants to', () => {
    assert.deepEqual(parseAddLink({ path: '/add', query: 'uri=amqps://ann:s%40same@h.example/a%2Fb&name=my+broker' }), {
      entry: { name: 'my broker', host: 'h.example', port: 5671, tls: true, vhost: 'a/b', username: 'ann' },
      password: 's@same',
    });
    const { entry, password } = parseAddLink({ path: '/add', query: 'name=&uri=amqp://ann@h/' });
    assert.equal(entry.name, 'h');
    assert.equal(password, '');
  });

  it('may have a "&" inside the URI', () => {
    assert.equal(parseAddLink({ path: '/add', query: 'uri=amqp://ann:a&b=c@h/&name=x' }).password, 'a&b=c');
  });

  it('may log in by a certificate, as no user', () => {
    const query = 'uri=amqps://h.example/?auth_mechanism=external&certfile=/c.pem';
    const { entry, password } = parseAddLink({ path: '/add', query });
    assert.deepEqual([entry.username, entry.authentication, password], ['', 'external', '']);
  });

  it('says what becomes of the password, and of none that it does not have', () => {
    assert.match(sentence('amqp://ann:sesame@h/'), /^The password in the link is kept/);
    assert.match(sentence('amqp://ann@h/'), /asked for when it connects/);
    assert.match(sentence('amqp://h/'), /password that user guest usually has/);
    assert.equal(sentence('amqps://h/?auth_mechanism=external'), '');
  });

  it('is refused with a file on a network share, which opening would log in to', () => {
    for (const path of [String.raw`\\evil\share\ca.pem`, '//evil/share/ca.pem', String.raw`\/evil/ca.pem`]) {
      for (const kind of ['cacertfile', 'certfile', 'keyfile']) {
        assert.match(reasonOf(`uri=amqps://h/?${kind}=${encodeURIComponent(path)}`), /file on another machine/);
      }
    }
    assert.equal(parseAddLink({ path: '/add', query: 'uri=amqps://h/?cacertfile=/a//b.pem' }).entry.host, 'h');
  });

  it('is refused with a reason that repeats none of it', () => {
    const secret = 'hunter2';
    assert.match(reasonOf(`uri=amqp://a:${secret}@h`, '/connect'), /only \/add is known/);
    assert.match(reasonOf(''), /beside uri and name/);
    assert.match(reasonOf('name=x'), /no AMQP URI/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&uri=amqp://b@h`), /more than one uri/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&name=x&name=y`), /more than one name/);
    assert.match(reasonOf(`evil=1&uri=amqp://a:${secret}@h`), /beside uri and name/);
    assert.match(reasonOf(`uri=http://a:${secret}@h`), /must start with amqp/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h:99999/`), /port must be/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h%20x/`), /host/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&name=a\u202eb`), /cannot be seen/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&name=a\nb`), /cannot be seen/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h/${'v'.repeat(300)}`), /vhost/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&name=${'n'.repeat(300)}`), /name/);
    assert.match(reasonOf(`uri=amqp://a:${secret}@h&name=${'n'.repeat(9_000)}`), /too long/);
    for (const query of [
      `uri=amqp://a:${secret}@[`,
      `uri=amqp://a:${secret}%zz@h`,
      `uri=amqp://a:${secret}@h&name=x://u:${secret}@h`,
    ]) {
      assert.doesNotMatch(reasonOf(query), new RegExp(secret), query);
    }
  });

  it('never makes it throw anything but an AppError', () => {
    const piece = fc.constantFrom(
      'uri=',
      'name=',
      '&',
      'amqp://',
      'amqps://',
      '@',
      ':',
      '/',
      '%',
      '%2F',
      '?',
      '#',
      '[',
      ']',
      '\u0000',
      'h',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        try {
          parseAddLink({ path: '/add', query: pieces.join('') });
        } catch (error) {
          assert.ok(error instanceof AppError, String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
