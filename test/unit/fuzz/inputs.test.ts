import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { root } from '../../../scripts/lib/run.mjs';
import { checkQueueName } from '../../../src/broker/admin.ts';
import { formatAmqpUri, parseAmqpUri } from '../../../src/broker/amqpUri.ts';
import { propertyNames } from '../../../src/broker/messageFile/properties.ts';
import { validateDraft } from '../../../src/broker/publish/draft.ts';
import { overrideProperties } from '../../../src/broker/publish/properties.ts';
import { AppError } from '../../../src/common/errors.ts';
import { formSteps, uriSteps } from '../../../src/ui/connectionForm/formSteps.ts';
import { keepsNone } from '../../../src/ui/connectionForm/secrets.ts';
import {
  blankValues,
  localValues,
  profileOf,
  targetOf,
  type FormValues,
} from '../../../src/ui/connectionForm/values.ts';
import type { Step } from '../../../src/ui/picks/steps.ts';
import { anyJson, fuzz, inherited, noSecretIn, parsed, resultOrAppError, secret } from './fuzz.ts';

/** amqplib's own writing of a message's properties, by its files: it exports none. */
const load = createRequire(import.meta.url);
const amqplib = (file: string): unknown => load(join(root, 'node_modules', 'amqplib', 'lib', file));
const protocol = amqplib('defs.js') as {
  readonly BasicProperties: number;
  encodeProperties(id: number, channel: number, size: number, fields: object): Buffer;
};
const args = amqplib('api_args.js') as { publish(exchange: string, routingKey: string, options: object): object };

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '/',
    '65536',
    '0',
    '-1',
    '1e3',
    '5672',
    '::1',
    '[::1]',
    'mq.test',
    'a b',
    'http://h',
    'x'.repeat(10_000),
  ),
);

describe('fuzz: what people enter', () => {
  it('in the connection form is refused as it is typed, or makes a connection without its password in sight', async () => {
    const input = fc.record({
      password: secret,
      texts: fc.array(typed, { minLength: 8, maxLength: 8 }),
      tls: fc.nat(1),
    });
    await fuzz(input, ({ password, texts, tls }) => {
      const steps = formSteps({ taken: texts, remoteName: undefined, keeps: () => keepsNone });
      let values: FormValues = localValues;
      for (const [i, step] of steps.entries()) values = answered(step, values, texts[i] ?? '', tls, password);
      const profile = profileOf(values, texts);
      noSecretIn(JSON.stringify(profile), [password]);
      const target = targetOf(values);
      assert.equal(parseAmqpUri(formatAmqpUri(target)).target.vhost, target.vhost);
    });
  });

  it('as an AMQP URI is refused as it is typed, or goes through the form', async () => {
    const uri = fc.oneof(
      typed,
      fc.tuple(typed, typed, typed).map(([user, host, vhost]) => `amqp://${user}@${host}/${vhost}`),
    );
    await fuzz(uri, (text) => {
      let values: FormValues = blankValues;
      for (const step of uriSteps)
        if (step.when?.(values) ?? true) values = answered(step, values, text, 0, 'S3cr~password');
      noSecretIn(JSON.stringify(profileOf(values, [])), ['S3cr~password']);
    });
  });

  it('as the name of a queue is taken or refused', async () => {
    await fuzz(typed, async (name) => {
      await resultOrAppError(() => checkQueueName(name));
    });
  });

  it('as properties in the settings is sent as AMQP has it, or refused with a reason', async () => {
    const name = fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom('headers', ...propertyNames),
      },
      { weight: 1, arbitrary: inherited },
      { weight: 1, arbitrary: fc.string() },
    );
    const wrapped = fc
      .tuple(fc.constantFrom('int', 'long', 'timestamp', 'decimal', 'byte', 'x', 7), anyJson)
      .map(([type, value]) => ({ '!': type, value }));
    const value = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constantFrom(1, 2, 255, '60000')),
      },
      { weight: 1, arbitrary: anyJson },
      {
        weight: 2,
        arbitrary: fc.dictionary(
          fc.oneof(inherited, fc.string(), fc.constant('k'.repeat(300))),
          fc.oneof(anyJson, wrapped),
          { maxKeys: 3 },
        ),
      },
    );
    const settings = fc.array(fc.tuple(name, value), { maxLength: 3 });
    await fuzz(settings, async (entries) => {
      const overrides = Object.fromEntries(entries.map(([key, each]) => [key, parsed(each)]));
      const defaults = { contentType: 'text/plain', persistent: true, messageId: 'm', timestamp: 1, appId: 'warren' };
      const properties = await resultOrAppError(() => overrideProperties(defaults, overrides));
      if (properties instanceof AppError) return;
      assert.equal(Object.getPrototypeOf(properties), Object.prototype);
      const draft = { exchange: '', routingKey: 'q', content: Buffer.alloc(0), properties };
      if ((await resultOrAppError(() => validateDraft(draft))) instanceof AppError) return;
      encoded(args.publish('', 'q', properties));
    });
  });
});

/** Only what is too much for amqplib's buffer is left for the publisher to refuse. */
function encoded(fields: object): void {
  try {
    protocol.encodeProperties(protocol.BasicProperties, 1, 0, fields);
  } catch (error) {
    if (!(error instanceof RangeError && error.message.includes('encoding buffer'))) throw error;
  }
}

/** The form's state after a person has entered a text, or chosen; what is refused as it is typed changes nothing. */
function answered(
  step: Step<FormValues>,
  values: FormValues,
  text: string,
  choice: number,
  password: string,
): FormValues {
  if (step.kind === 'choice') return step.choices(values)[choice]?.state ?? values;
  const entered = step.masked === true ? password : text;
  assert.equal(typeof step.value(values), 'string');
  if (step.masked !== true) noSecretIn(`${step.prompt(values)} ${step.value(values)}`, [password]);
  const problem = step.check?.(entered, values);
  return typeof problem === 'string' ? values : step.apply(values, entered);
}
