import assert from 'node:assert/strict';
import { provideBroker } from '../../../scripts/lib/demoBroker.mjs';
import { ensureRabbitmq, type Machine, type Rabbitmq } from '../../../scripts/lib/rabbitmq.mjs';
import { PlainError } from '../../../scripts/lib/run.mjs';

const local: Rabbitmq = { kind: 'local', sbin: '/sbin', epmd: '/epmd' };

/** A machine where only this is so, and what was asked of it, in order. */
function machine(has: { found?: boolean; apt?: 'works' | 'brings nothing'; docker?: boolean }): Machine & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  let isInstalled = has.found === true;
  return {
    asked,
    find: () => {
      asked.push('find');
      return Promise.resolve(isInstalled ? local : undefined);
    },
    canInstall: () => {
      asked.push('canInstall');
      return Promise.resolve(has.apt !== undefined);
    },
    install: () => {
      asked.push('install');
      isInstalled = has.apt === 'works';
      return Promise.resolve();
    },
    hasDocker: () => {
      asked.push('hasDocker');
      return Promise.resolve(has.docker === true);
    },
  };
}

describe('the RabbitMQ of npm start', () => {
  it('is the one given, of which the password is not said', async () => {
    const said: string[] = [];
    const url = 'amqp://user:hidden@broker.example:5673/vhost';
    const env = await provideBroker((text) => said.push(text), { WARREN_AMQP_URL: url });
    assert.deepEqual(env, { WARREN_CONNECT: url, AMQP_URL: url });
    assert.deepEqual(said, ['Using the RabbitMQ of WARREN_AMQP_URL (broker.example:5673)']);
  });

  for (const given of ['my broker', 'localhost:5672', 'http://localhost:15672']) {
    it(`is refused in plain words when ${given} is given`, async () => {
      const provided = provideBroker(() => undefined, { WARREN_AMQP_URL: given });
      await assert.rejects(
        provided,
        (error) => error instanceof PlainError && /should be like amqp:/.test(error.message),
      );
    });
  }

  it('is the one on the machine, where there is one; nothing else is looked at', async () => {
    const here = machine({ found: true, apt: 'works', docker: true });
    assert.deepEqual(await ensureRabbitmq(undefined, here), local);
    assert.deepEqual(here.asked, ['find']);
  });

  it('is installed where that needs nobody, before Docker is asked', async () => {
    const said: string[] = [];
    const here = machine({ apt: 'works', docker: true });
    assert.deepEqual(await ensureRabbitmq((text) => said.push(text), here), local);
    assert.deepEqual(here.asked, ['find', 'canInstall', 'install', 'find']);
    assert.deepEqual(said, ['Installing RabbitMQ (apt) …']);
  });

  it("is Docker's where an engine answers, with the management plugin", async () => {
    for (const here of [machine({ docker: true }), machine({ apt: 'brings nothing', docker: true })]) {
      // The second look at the machine depends on the first one's answer.
      // oxlint-disable-next-line no-await-in-loop
      const found = await ensureRabbitmq(undefined, here);
      assert.ok(found.kind === 'docker' && found.image.endsWith('-management'));
    }
  });

  it('is none where nothing of all that is there, and two ways to get one are said', async () => {
    await assert.rejects(ensureRabbitmq(undefined, machine({})), (error) => {
      assert.ok(error instanceof PlainError);
      assert.match(error.message, /Two ways to get one:\n {2}- install it .* or start Docker/);
      assert.match(error.message, /\n {2}- use one that is running: WARREN_AMQP_URL=amqp:/);
      return true;
    });
  });
});
