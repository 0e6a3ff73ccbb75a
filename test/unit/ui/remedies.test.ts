import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors.ts';
import { offered } from '../../../src/ui/remedies.ts';

const nothing = (): void => undefined;

const titles = (error: AppError): string[] =>
  offered(error, { Retry: nothing, 'Edit Connection': nothing, 'Enter Password…': nothing }).map(({ title }) => title);

describe('what is offered with an error', () => {
  it('is what helps and can be done from there, the likeliest first', () => {
    assert.deepEqual(titles(new AppError('badCredentials', { username: 'u' })), ['Enter Password…', 'Edit Connection']);
    assert.deepEqual(titles(new AppError('tlsPassphraseWrong', { file: 'f' })), ['Edit Connection']);
    assert.deepEqual(titles(new AppError('connectionRefused', { host: 'h', port: 1 })), ['Retry', 'Edit Connection']);
    assert.deepEqual(titles(new AppError('queueNotFound', { queue: 'q' })), []);
    assert.deepEqual(titles(new AppError('cancelled', {})), []);
  });

  it('is the secret that is missing, not the form that has all the others too', () => {
    const enter = { 'Edit Connection': nothing, 'Enter Passphrase…': nothing };
    const wrong = offered(new AppError('tlsPassphraseWrong', { file: 'key.pem' }), enter);
    assert.deepEqual(
      wrong.map(({ title }) => title),
      ['Enter Passphrase…', 'Edit Connection'],
    );
  });

  it('does what it says', () => {
    let declared = 0;
    const actions = offered(new AppError('queueNotFound', { queue: 'q' }), { 'Declare Queue…': () => declared++ });
    for (const action of actions) action.run();
    assert.equal(declared, 1);
  });
});
