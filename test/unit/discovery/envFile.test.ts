import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { connectionsInEnvFile, parseEnvFile } from '../../../src/ui/discovery/envFile.ts';

describe('an .env file', () => {
  it('is read with export, quotes, comments and spaces', () => {
    const text = [
      '\ufeff# a comment',
      'A=one',
      'export B = two words # behind it',
      `C='single # kept' # gone`,
      String.raw`D="say \"hi\"\n" # gone`,
      'E=',
      'F=# only a comment',
      'G=a#b',
      'A=again',
      'no assignment',
      '1X=digits cannot begin a name',
      'H="never closed',
    ].join('\r\n');
    assert.deepEqual(Object.fromEntries(parseEnvFile(text)), {
      A: 'again',
      B: 'two words',
      C: 'single # kept',
      D: 'say "hi"\n',
      E: '',
      F: '',
      G: 'a#b',
      H: '"never closed',
    });
  });

  it('offers every variable that is an AMQP URI, whatever its name', () => {
    const found = connectionsInEnvFile(
      'AMQP_URL=amqp://ann:s%40same@broker.example/shop\nexport CLOUDAMQP_URL="amqps://b:c@hosted.example/b"\nQUEUE="amqp://h"',
    );
    assert.deepEqual(
      found.map(({ what, values: { host, port, tls, vhost, username, password } }) => [
        what,
        { host, port, tls, vhost, username, password },
      ]),
      [
        [
          'AMQP_URL',
          { host: 'broker.example', port: 5672, tls: false, vhost: 'shop', username: 'ann', password: 's@same' },
        ],
        ['CLOUDAMQP_URL', { host: 'hosted.example', port: 5671, tls: true, vhost: 'b', username: 'b', password: 'c' }],
        ['QUEUE', { host: 'h', port: 5672, tls: false, vhost: '/', username: 'guest', password: 'guest' }],
      ],
    );
  });

  it('offers none that refers to other variables, is no AMQP URI, or cannot be used', () => {
    const text = [
      'A=amqp://ann:${PASSWORD}@h/',
      'B=amqp://$HOST/',
      'C=$(secret amqp://h)',
      'D=http://localhost:15672',
      'E=amqp://h:99999/',
      'F=amqp://',
      '# AMQP_URL=amqp://commented.example',
      'G=see amqp://h',
    ].join('\n');
    assert.deepEqual(connectionsInEnvFile(text), []);
  });

  it('is read in no time and without a throw, whatever it holds', () => {
    const long = [
      'A=x' + ' '.repeat(250_000) + 'y',
      'A="' + '\\'.repeat(250_000),
      'export '.repeat(40_000),
      'A= #'.repeat(60_000),
    ];
    const start = Date.now();
    for (const text of long) connectionsInEnvFile(text);
    assert.ok(Date.now() - start < 1_000);
    const piece = fc.oneof(
      fc.constantFrom('A=', 'amqp://', '"', "'", '\\', '${', '}', '#', '\n', '@', ':', '%', 'export '),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void connectionsInEnvFile(pieces.join(''))),
      { numRuns: 500 },
    );
  });
});
