import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describeTarget, formatAmqpUri } from '../../../src/broker/amqpUri.ts';
import { candidateUrls } from '../../../src/broker/management/probe.ts';
import { readProfile, readTarget } from '../../../src/broker/profile.ts';
import { AppError } from '../../../src/common/errors.ts';
import { formSteps } from '../../../src/ui/connectionForm/formSteps.ts';
import { keepsNone } from '../../../src/ui/connectionForm/secrets.ts';
import { profileOf, valuesOfProfile } from '../../../src/ui/connectionForm/values.ts';
import { ProfileStore } from '../../../src/ui/storage/profiles.ts';
import { anyJson, fuzz, inherited, mostly, noSecretIn, parsed, resultOrAppError, secret } from './fuzz.ts';

const longText = 'x'.repeat(100_000);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('', longText, 'mq.test', '::1'));

/** A profile in which each field may be right, of another type, or missing, beside fields that nobody knows. */
function nearlyProfile(password: string): fc.Arbitrary<Record<string, unknown>> {
  const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(0, -1, 1.5, 65_536, 1e300));
  const host = fc.record({ host: mostly(text), port: mostly(port) }, { requiredKeys: [] });
  const fields = fc.record(
    {
      id: mostly(text),
      name: mostly(text),
      host: mostly(text),
      port: mostly(port),
      tls: mostly(fc.boolean()),
      vhost: mostly(text),
      username: mostly(text),
      failover: mostly(fc.array(mostly(host), { maxLength: 3 })),
      tlsOptions: mostly(
        fc.record(
          {
            caFiles: mostly(fc.array(mostly(text), { maxLength: 2 })),
            certFile: mostly(text),
            insecure: mostly(fc.boolean()),
          },
          { requiredKeys: [] },
        ),
      ),
      authentication: mostly(fc.constantFrom('external', 'amqplain', 'plain')),
      heartbeatSeconds: mostly(fc.integer({ min: -1, max: 1000 })),
      connectTimeoutSeconds: mostly(fc.integer({ min: -1, max: 1000 })),
      managementUrl: mostly(fc.constantFrom('http://h', `http://ann:${encodeURIComponent(password)}@h/x`, 'nonsense')),
      managementUsername: mostly(text),
      password: fc.constant(password),
      secret: fc.constant({ password }),
    },
    { requiredKeys: ['id', 'name', 'host', 'port', 'username', 'password'] },
  );
  const unknown = fc.dictionary(inherited, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
  return fc.tuple(fields, unknown).map(([known, other]) => {
    for (const [key, value] of Object.entries(other)) Object.defineProperty(known, key, { value, enumerable: true });
    return known;
  });
}

const nearly = secret.chain((password) =>
  fc.record({ password: fc.constant(password), value: nearlyProfile(password) }),
);

describe('fuzz: profiles', () => {
  it('are read or refused, without the secrets in them, and nothing is inherited from their keys', async () => {
    await fuzz(nearly, async ({ password, value }) => {
      for (const read of [readProfile, readTarget]) {
        const result = await resultOrAppError(() => read(parsed(value)), [password]);
        if (result instanceof AppError) continue;
        noSecretIn(JSON.stringify(result), [password]);
        assert.equal(Object.getPrototypeOf(result), Object.prototype);
        assert.equal(typeof result.host, 'string');
        noSecretIn(`${formatAmqpUri(result)} ${describeTarget(result)} ${candidateUrls(result).join(' ')}`, [password]);
      }
      assert.equal(Object.getPrototypeOf({}).polluted, undefined);
    });
  });

  it('of anything at all are read or refused', async () => {
    await fuzz(anyJson, async (value) => {
      await resultOrAppError(() => readProfile(parsed(value)));
    });
  });

  it('that are stored can be shown and edited, and those that are none are left out', async () => {
    const stored = fc.oneof(fc.array(nearly, { maxLength: 4 }), anyJson);
    const remembered = fc.oneof(
      anyJson,
      anyJson.map((queues) => ({ queues })),
    );
    await fuzz(fc.tuple(stored, remembered), async ([list, queues]) => {
      const value = Array.isArray(list) ? list.map((each: unknown) => (isNearly(each) ? each.value : each)) : list;
      const passwords = Array.isArray(list) ? list.filter(isNearly).map(({ password }) => password) : [];
      const store = new ProfileStore(mementoOf(parsed(value), parsed(queues)));
      for (const profile of store.load()) {
        const shown = [formatAmqpUri(profile), describeTarget(profile)];
        const values = valuesOfProfile(profile);
        for (const step of formSteps({ taken: [], remoteName: undefined, keeps: () => keepsNone })) {
          if (step.kind === 'text') shown.push(step.prompt(values), step.value(values));
        }
        noSecretIn(shown.join('\n'), passwords);
        noSecretIn(JSON.stringify(profileOf(values, [])), passwords);
        assert.ok(Array.isArray(store.knownQueues(profile.id)));
        await store.put(profile);
      }
    });
  });
});

function isNearly(value: unknown): value is { password: string; value: unknown } {
  return typeof value === 'object' && value !== null && 'password' in value && 'value' in value;
}

/** Whatever a Memento may hold. */
function mementoOf(profiles: unknown, remembered: unknown): ConstructorParameters<typeof ProfileStore>[0] {
  const get = (key: string): unknown => (key === 'warren.profiles' ? profiles : remembered);
  return { keys: () => [], get, update: () => Promise.resolve() } as ConstructorParameters<typeof ProfileStore>[0];
}
