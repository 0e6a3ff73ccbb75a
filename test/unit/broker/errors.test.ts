import assert from 'node:assert/strict';
import { channelFailure, connectFailure, connectionFailure, isFatal } from '../../../src/broker/errors.ts';
import type { ConnectionTarget } from '../../../src/broker/profile.ts';
import { AppError, type ErrorCode } from '../../../src/common/errors.ts';

const target: ConnectionTarget = { host: 'mq.test', port: 5672, tls: false, vhost: 'shop', username: 'ann' };

/** An error as Node and amqplib make them: a text and perhaps a code. */
function failure(message: string, code?: string | number): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

const badPassword =
  'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused using ' +
  'authentication mechanism PLAIN. For details see the broker logfile."';

describe('a failed attempt to connect', () => {
  const rows: [what: string, error: Error, code: ErrorCode, fatal: boolean][] = [
    ['an unknown host', failure('getaddrinfo ENOTFOUND mq.test', 'ENOTFOUND'), 'hostNotFound', false],
    [
      'a name server that does not answer',
      failure('getaddrinfo EAI_AGAIN mq.test', 'EAI_AGAIN'),
      'hostNotFound',
      false,
    ],
    ['a refused port', failure('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), 'connectionRefused', false],
    ['a silent listener', failure('connect ETIMEDOUT'), 'timeout', false],
    ['a host that drops packets', failure('connect ETIMEDOUT 10.0.0.1:5672', 'ETIMEDOUT'), 'timeout', false],
    ['a bad password', failure(badPassword), 'badCredentials', true],
    [
      'a missing vhost',
      failure('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'),
      'vhostUnavailable',
      true,
    ],
    ['a TLS port', failure('Socket closed abruptly during opening handshake'), 'closedInHandshake', false],
    [
      'TLS to a plain port',
      failure('write EPROTO 00:error:0A00010B:SSL routines:ssl3_get_record:wrong version number', 'EPROTO'),
      'tlsNotSpoken',
      true,
    ],
    [
      'TLS to a plain port, by its code',
      failure('ssl3_get_record:wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER'),
      'tlsNotSpoken',
      true,
    ],
    [
      'an unknown authority',
      failure('self-signed certificate in chain', 'SELF_SIGNED_CERT_IN_CHAIN'),
      'tlsUntrusted',
      true,
    ],
    ['an own certificate', failure('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'tlsUntrusted', true],
    ['an expired certificate', failure('certificate has expired', 'CERT_HAS_EXPIRED'), 'tlsUntrusted', true],
    [
      'an incomplete chain',
      failure('unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      'tlsUntrusted',
      true,
    ],
    [
      'a certificate for another host',
      failure("Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID'),
      'tlsHostMismatch',
      true,
    ],
    ['an answer that is not AMQP', failure('Invalid frame'), 'notAmqp', true],
    ['a reset', failure('read ECONNRESET', 'ECONNRESET'), 'closedInHandshake', false],
  ];

  for (const [what, error, code, fatal] of rows) {
    it(`by ${what} is ${code}${fatal ? ', and for good' : ''}`, () => {
      const mapped = connectFailure(error, target);
      assert.equal(mapped.code, code);
      assert.equal(mapped.cause, error);
      assert.equal(isFatal(mapped), fatal);
    });
  }

  it('names the host, the port, the user and the vhost it was about', () => {
    const { host, port, username, vhost } = target;
    assert.deepEqual(connectFailure(failure('', 'ECONNREFUSED'), target).params, { host, port });
    assert.deepEqual(connectFailure(failure(badPassword), target).params, { username });
    assert.deepEqual(connectFailure(failure('Expected ConnectionOpenOk'), target).params, { vhost, username });
  });

  it('is about the first of several addresses', () => {
    const both = new AggregateError([
      failure('connect ECONNREFUSED ::1:1', 'ECONNREFUSED'),
      failure('connect ETIMEDOUT 127.0.0.1:1', 'ETIMEDOUT'),
    ]);
    assert.equal(connectFailure(both, target).code, 'connectionRefused');
  });

  it('stays what it is when it already has a code', () => {
    const error = new AppError('passwordMissing', { username: 'ann' });
    assert.equal(connectFailure(error, target), error);
    assert.equal(isFatal(error), true);
  });
});

describe('the end of an open connection', () => {
  it('without an error is a lost connection', () => {
    assert.equal(connectionFailure(undefined).code, 'connectionLost');
  });

  it('by the broker in order says what the broker said, and may pass', () => {
    const text = `Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"`;
    const mapped = connectionFailure(failure(text, 320));
    assert.deepEqual(mapped.detail, {
      code: 'brokerClosed',
      params: { reason: "broker forced connection closure with reason 'shutdown'" },
    });
    assert.equal(isFatal(mapped), false);
  });

  it('by what a stream does not support says so, and may pass', () => {
    const text = 'Connection closed: 540 (NOT-IMPLEMENTED) with message "NOT_IMPLEMENTED - basic.get not supported"';
    const mapped = connectionFailure(failure(text, 540));
    assert.deepEqual(mapped.detail, { code: 'notSupported', params: { reason: 'basic.get not supported' } });
    assert.equal(isFatal(mapped), false);
  });

  it('by a header that cannot be decoded is for good', () => {
    const mapped = connectionFailure(new TypeError('Unexpected type tag "Z"'));
    assert.deepEqual(mapped.detail, { code: 'undecodableHeader', params: { tag: 'Z' } });
    assert.equal(isFatal(mapped), true);
  });

  it('by a header table nested deeper than the stack, or cut short, is for good too', () => {
    for (const error of [new RangeError('Maximum call stack size exceeded'), new RangeError('out of range')]) {
      const mapped = connectionFailure(error);
      assert.equal(mapped.code, 'undecodableHeader');
      assert.equal(isFatal(mapped), true);
    }
    assert.equal(connectionFailure(new TypeError('Unexpected type tag "\n"')).code, 'undecodableHeader');
  });

  for (const [error, reason] of [
    [failure('read ECONNRESET', 'ECONNRESET'), 'the other side reset the connection'],
    [failure('write EPIPE', 'EPIPE'), 'the other side reset the connection'],
    [failure('read ETIMEDOUT', 'ETIMEDOUT'), 'the network timed out'],
    [failure('Unexpected close'), 'the other side closed the connection'],
    [failure('Heartbeat timeout'), 'Heartbeat timeout'],
  ] as const) {
    it(`by "${error.message}" is lost, in plain words, and may pass`, () => {
      const mapped = connectionFailure(error);
      assert.deepEqual(mapped.detail, { code: 'connectionLost', params: { reason } });
      assert.equal(isFatal(mapped), false);
    });
  }
});

function named(name: string, rest: string): string {
  return `queue '${name}' in vhost '/'${rest}`;
}

/** As amqplib tells of it when it was the reply to a call. */
function refusal(code: number, name: string, text: string): Error {
  return failure(`Operation failed: QueueDeclare; ${code} (${name}) with message "${text}"`, code);
}

describe('a refusal by the broker', () => {
  const rows: [text: string, number: number, code: ErrorCode][] = [
    ["NOT_FOUND - no queue 'q' in vhost '/'", 404, 'queueNotFound'],
    ["NOT_FOUND - no exchange 'x' in vhost '/'", 404, 'exchangeNotFound'],
    ["NOT_FOUND - home node 'a@h' of durable queue 'q' in vhost '/' is down or inaccessible", 404, 'homeNodeDown'],
    ["NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor", 404, 'homeNodeDown'],
    ["ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use", 403, 'exclusiveConsumer'],
    ["ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'ann'", 403, 'noPermission'],
    ["ACCESS_REFUSED - queue name 'amq.q' contains reserved prefix 'amq.*'", 403, 'noPermission'],
    ["RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'.", 405, 'queueLocked'],
    ["PRECONDITION_FAILED - queue 'q' in vhost '/' not empty", 406, 'queueNotEmpty'],
    ["PRECONDITION_FAILED - queue 'q' in vhost '/' in use", 406, 'queueInUse'],
    [
      "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'q' in vhost '/' of queue type rabbit_classic_queue",
      406,
      'notAStream',
    ],
    [
      "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'q' in vhost '/': {invalid_stream_offset_arg,{longstr,<<\"7\">>}}",
      406,
      'preconditionFailed',
    ],
    ['PRECONDITION_FAILED - message size 99 is larger than configured max size 9', 406, 'messageTooLarge'],
    ['PRECONDITION_FAILED - unknown delivery tag 1', 406, 'preconditionFailed'],
    [
      "PRECONDITION_FAILED - invalid arg 'x-max-length' for queue 'q' in vhost '/': {value_negative,-3}",
      406,
      'preconditionFailed',
    ],
    ['NOT_IMPLEMENTED - basic.get not supported by stream queues', 540, 'notSupported'],
  ];

  for (const [text, number, code] of rows) {
    it(`"${text}" is ${code}`, () => {
      const error = refusal(number, 'SOME-NAME', text);
      assert.equal(channelFailure(error, { queue: 'q' }).code, code);
      assert.equal(channelFailure(error).cause, error);
      // A channel's 'error' event has this form, and here no code at all.
      const asEvent = failure(`Channel closed by server: ${number} (SOME-NAME) with message "${text}"`);
      assert.equal(channelFailure(asEvent).code, code);
    });
  }

  it('by the time-out of a consumer is one, although it spans two sentences', () => {
    const text =
      'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 3000 ms. This timeout ' +
      'value can be configured, see consumers doc guide to learn more';
    assert.deepEqual(channelFailure(refusal(406, 'PRECONDITION-FAILED', text), { queue: 'q' }).detail, {
      code: 'consumerTimeout',
      params: { queue: 'q' },
    });
  });

  it('names the queue or the exchange out of the text when the operation is not known', () => {
    const queue = refusal(404, 'NOT-FOUND', "NOT_FOUND - no queue 'it''s a\nqueue' in vhost '/'");
    assert.deepEqual(channelFailure(queue).params, { queue: "it''s a\nqueue" });
    const exchange = refusal(404, 'NOT-FOUND', "NOT_FOUND - no exchange 'orders' in vhost '/'");
    assert.deepEqual(channelFailure(exchange).params, { exchange: 'orders' });
  });

  for (const [received, values] of [
    ["received 'false' but current is 'true'", { property: 'durable', received: 'false', current: 'true' }],
    [
      "received the value 'quorum' of type 'longstr' but current is none",
      { property: 'x-queue-type', received: 'quorum', current: 'not set' },
    ],
    [
      "received none but current is the value '3' of type 'signedint'",
      { property: 'x-max-length', received: 'not set', current: '3' },
    ],
  ] as const) {
    it(`of another declaration tells what is different: ${received}`, () => {
      const text = `PRECONDITION_FAILED - inequivalent arg '${values.property}' for queue 'q' in vhost '/': ${received}`;
      assert.deepEqual(channelFailure(refusal(406, 'PRECONDITION-FAILED', text), { queue: 'q' }).detail, {
        code: 'inequivalentArg',
        params: { name: 'q', ...values },
      });
    });
  }

  it('of another declaration tells the property even when a long name has cut the rest off', () => {
    const text = `PRECONDITION_FAILED - inequivalent arg 'durable' for queue '${'q'.repeat(180)}...`;
    const { detail } = channelFailure(refusal(406, 'PRECONDITION-FAILED', text), { queue: 'q' });
    assert.equal(detail.code, 'inequivalentArg');
    assert.equal(detail.code === 'inequivalentArg' && detail.params.property, 'durable');
  });

  it('is not mistaken for another because of what a queue is called', () => {
    for (const [number, text, code] of [
      [404, `NOT_FOUND - no ${named('no exchange', '')}`, 'queueNotFound'],
      [404, `NOT_FOUND - no ${named('home node', '')}`, 'queueNotFound'],
      [403, `ACCESS_REFUSED - access to ${named('exclusive', " refused for user 'ann'")}`, 'noPermission'],
      [406, `PRECONDITION_FAILED - ${named('not empty', ' in use')}`, 'queueInUse'],
      [406, `PRECONDITION_FAILED - ${named('larger than', ' not empty')}`, 'queueNotEmpty'],
      [
        406,
        `PRECONDITION_FAILED - inequivalent arg 'durable' for ${named('in use', ": received 'a' but current is 'b'")}`,
        'inequivalentArg',
      ],
    ] as const) {
      assert.equal(channelFailure(refusal(number, 'SOME-NAME', text)).code, code, text);
    }
  });

  it('for want of a free channel is told apart', () => {
    assert.equal(channelFailure(new Error('No channels left to allocate')).code, 'tooManyChannels');
  });

  it('that is not known ends as a closed channel, with the text', () => {
    const error = channelFailure(
      failure('Channel closed by server: 506 (RESOURCE-ERROR) with message "RESOURCE_ERROR - x"'),
    );
    assert.deepEqual(error.detail, { code: 'channelClosed', params: { reason: 'x' } });
    assert.deepEqual(channelFailure('odd').detail, { code: 'channelClosed', params: { reason: 'odd' } });
  });

  it('has no number that is only part of a text', () => {
    assert.equal(channelFailure(new Error('Channel closed')).code, 'channelClosed');
    assert.equal(channelFailure(new Error('port 404 is closed')).code, 'channelClosed');
  });
});
