import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describeTarget, formatAmqpUri, parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import { formatBaseUrl, parseManagementUrl } from '../../../src/broker/management/baseUrl.ts';
import { candidateUrls } from '../../../src/broker/management/probe.ts';
import { AppError } from '../../../src/common/errors.ts';
import { startItems } from '../../../src/ui/connectionForm/startItems.ts';
import { checkManagementUrl, checkUri, readManagementUrl } from '../../../src/ui/connectionForm/validate.ts';
import { fuzz, noSecretIn, resultOrAppError, secret } from './fuzz.ts';

const piece = fc.constantFrom(
  'amqp://',
  'amqps://',
  'AMQP://',
  'http://',
  '@',
  ':',
  '/',
  '//',
  '%',
  '%2F',
  '%00',
  '%ff',
  '[',
  ']',
  '::1',
  'h',
  'mq.test',
  '127.0.0.1',
  '5672',
  '65536',
  '-1',
  ',',
  '#',
  '?',
  '..',
  'é',
  '\ud800',
  '\0',
  '\n',
  ' ',
);
const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(piece, { maxLength: 4 }).map((all) => all.join('')),
);

interface Uri {
  readonly user: string;
  readonly text: string;
  readonly password: string;
}

/** URIs with a password in them, right, nearly right and wrong: written as it is, percent-encoded, or only in part. */
const uriWithPassword: fc.Arbitrary<Uri> = fc
  .record({
    scheme: fc.constantFrom('amqp://', 'amqps://', 'amqp:/', 'amqp:', 'http://', '', ' amqp://'),
    user: fc.oneof(fc.constantFrom('ann', 'a%40b', '', '%'), part),
    password: secret,
    writing: fc.constantFrom<(text: string) => string>(
      encodeURIComponent,
      encodeURI,
      (text) => text,
      (text) => text.replaceAll('@', '%40'),
    ),
    host: fc.oneof(fc.constantFrom('mq.test', '[::1]', 'a:5672,b:5672', '', 'a b', '[::1', 'h:99999', 'h:0'), part),
    rest: fc.oneof(fc.constantFrom('', '/', '/v', '/%', '/a/b', '#x', '?heartbeat=5', '/v?x=%'), part),
  })
  .map(({ scheme, user, password, writing, host, rest }) => ({
    text: `${scheme}${user}:${writing(password)}@${host}${rest}`,
    user,
    password,
  }));

/** The password as it is read, and as it was meant: a wrong URI may mean another. */
const passwordsOf = ({ password }: Uri, read: string): string[] => [
  password,
  ...(read.startsWith('S3cr~') && read.length > 8 ? [read] : []),
];

describe('fuzz: addresses', () => {
  it('an AMQP URI is read, or refused with a reason that has no part of the password', async () => {
    await fuzz(uriWithPassword, async (uri) => {
      const read = await resultOrAppError(() => parseAmqpUri(uri.text), [uri.password]);
      if (read instanceof AppError) return;
      const passwords = passwordsOf(uri, read.password);
      noSecretIn(JSON.stringify(read.target), passwords);
      noSecretIn(`${formatAmqpUri(read.target)} ${describeTarget(read.target)}`, passwords);
      assert.deepEqual(parseAmqpUri(formatAmqpUri(read.target)).target, read.target);
    });
  });

  it('the connection form repeats no password of a URI that is being typed', async () => {
    await fuzz(uriWithPassword, (uri) => {
      // Before its @ has come, what follows a slash can only be a vhost.
      if (/[/?#]/.test(uri.user)) return;
      for (const length of [uri.text.length, uri.text.indexOf('@') + 1, Math.ceil(uri.text.length / 2)]) {
        const text = uri.text.slice(0, length);
        const items = startItems({ text, found: undefined, offers: [], unsaved: undefined, remoteName: undefined });
        noSecretIn(JSON.stringify([items.map(({ label, description }) => [label, description]), checkUri(text)]), [
          uri.password,
        ]);
      }
    });
  });

  it('any text at all is read as an AMQP URI or refused', async () => {
    await fuzz(
      fc.oneof(
        part,
        part.map((rest) => `amqp://${rest}`),
      ),
      async (text) => {
        const read = await resultOrAppError(() => parseAmqpUri(text));
        if (read instanceof AppError) return;
        for (const url of candidateUrls(read.target)) await resultOrAppError(() => parseManagementUrl(url));
      },
    );
  });

  it('a management URL loses its login, or is refused without repeating it', async () => {
    const urls = fc
      .record({
        scheme: fc.constantFrom('http://', 'https://', 'ftp://', ''),
        password: secret,
        host: part,
        rest: part,
      })
      .map(({ scheme, password, host, rest }) => ({
        text: `${scheme}ann:${encodeURIComponent(password)}@${host}${rest}`,
        password,
      }));
    await fuzz(urls, async ({ text, password }) => {
      const url = await resultOrAppError(() => parseManagementUrl(text), [password]);
      if (!(url instanceof AppError)) noSecretIn(formatBaseUrl(url), [password]);
      const problem = checkManagementUrl(text);
      if (problem === undefined) noSecretIn(readManagementUrl(text), [password]);
      else noSecretIn(JSON.stringify(problem), [password]);
    });
  });
});
