import assert from 'node:assert/strict';
import { reopenAfter } from '../../../src/ui/connectionForm/afterFailure.ts';
import { formSteps, uriSteps, type FormContext } from '../../../src/ui/connectionForm/formSteps.ts';
import { keepsNone } from '../../../src/ui/connectionForm/secrets.ts';
import { startItems, type StartFacts } from '../../../src/ui/connectionForm/startItems.ts';
import { blankValues, localValues, valuesOfUri } from '../../../src/ui/connectionForm/values.ts';
import { play, type Action } from './playForm.ts';

const context: FormContext = { taken: [], remoteName: undefined, keeps: () => keepsNone };

describe('the connection form step by step', () => {
  const form = { steps: formSteps(context), state: localValues };

  it('leads from a host to a named connection, with what is usual filled in', async () => {
    const { seen, end } = await play(form, ['rabbit', { pick: 'TLS' }, 'ENTER', 'shop', 'ann', 'sesame', '', 'ENTER']);
    assert.deepEqual(seen, [
      'host 1/8 localhost',
      'tls 2/8 No TLS',
      'port 3/8 5671',
      'vhost 4/8 /',
      'username 5/8 guest',
      'password 6/8 guest',
      'managementUrl 7/8 ',
      'name 8/8 rabbit/shop',
    ]);
    assert.deepEqual(end, {
      kind: 'done',
      state: {
        host: 'rabbit',
        port: 5671,
        tls: true,
        vhost: 'shop',
        username: 'ann',
        password: 'sesame',
        managementUrl: '',
        name: '',
      },
    });
  });

  it('goes back with the previous answers filled in, and the proposed name follows a changed host', async () => {
    const back: Action[] = Array.from({ length: 7 }, () => 'BACK');
    const { seen } = await play(form, ['one', ...Array<Action>(6).fill('ENTER'), ...back, 'two']);
    assert.equal(seen[7], 'name 8/8 one');
    assert.equal(seen[14], 'host 1/8 one');
    assert.equal(seen.at(-1), 'name 8/8 two');
  });

  it('keeps a name that was chosen', async () => {
    const state = { ...localValues, name: 'mine' };
    const { seen, end } = await play({ ...form, state }, ['elsewhere']);
    assert.equal(seen.at(-1), 'name 8/8 mine');
    assert.equal(end.kind === 'done' && end.state.name, 'mine');
  });

  it('ends at Escape, and leaves backwards from the first step', async () => {
    assert.deepEqual((await play(form, ['rabbit', 'ESC'])).end, { kind: 'escaped' });
    assert.equal((await play({ ...form, canLeaveBackwards: true }, ['BACK'])).end.kind, 'back');
  });

  it('opens where a failed test points, all values kept', async () => {
    const state = { ...localValues, host: 'rabbit', password: 'sesame' };
    const { startAt, values } = reopenAfter('badCredentials', state);
    const { seen } = await play({ ...form, state: values, startAt }, ['ESC']);
    assert.deepEqual(seen, ['password 6/8 sesame']);
    for (const [code, id] of [
      ['hostNotFound', 'host'],
      ['connectionRefused', 'port'],
      ['vhostUnavailable', 'vhost'],
      ['closedInHandshake', 'tls'],
      ['tlsUntrusted', 'host'],
    ] as const) {
      assert.deepEqual(reopenAfter(code, state), { startAt: id, values: state }, code);
    }
  });

  it('masks the password and says what localhost means on another machine', () => {
    const [host, ...others] = formSteps({
      taken: [],
      remoteName: 'ssh-remote',
      keeps: () => ({ ...keepsNone, password: true }),
    });
    assert.ok(host?.kind === 'text');
    assert.match(host.prompt(localValues), /localhost is the machine the extension runs on: ssh-remote\./);
    const password = others.find(({ id }) => id === 'password');
    assert.ok(password?.kind === 'text');
    assert.equal(password.masked, true);
    assert.match(
      password.prompt({ ...localValues, password: 'sesame' }),
      /^Password of user guest.*Leave empty to keep/,
    );
  });

  it('shows no password outside the masked step', () => {
    const values = { ...localValues, password: 'sesame' };
    for (const step of formSteps(context)) {
      if (step.id === 'password') continue;
      const texts =
        step.kind === 'text'
          ? [step.prompt(values), step.value(values)]
          : step.choices(values).flatMap(({ label, description, detail }) => [label, description, detail]);
      assert.doesNotMatch(texts.join('\n'), /sesame/);
    }
  });
});

describe('adding a connection by URI', () => {
  it('asks for nothing more when the URI has a password', async () => {
    const { seen, end } = await play({ steps: uriSteps, state: blankValues }, ['amqp://ann:sesame@rabbit/shop']);
    assert.deepEqual(seen, ['uri 1/1 ']);
    assert.deepEqual(end, { kind: 'done', state: valuesOfUri('amqp://ann:sesame@rabbit/shop') });
  });

  it('asks for a missing password, and going back finds the URI again', async () => {
    const { seen, end } = await play({ steps: uriSteps, state: blankValues }, [
      'amqps://ann@rabbit/a%2Fb',
      'BACK',
      'ENTER',
      'sesame',
    ]);
    const uri = 'amqps://ann@rabbit:5671/a%2Fb';
    assert.deepEqual(seen, ['uri 1/1 ', 'password 2/2 ', `uri 1/2 ${uri}`, 'password 2/2 ']);
    assert.equal(end.kind === 'done' && end.state.password, 'sesame');
  });
});

describe('the first question of Add Connection', () => {
  const facts: StartFacts = { text: '', found: undefined, offers: [], unsaved: undefined, remoteName: undefined };

  const hostOf = (text: string) => startItems({ ...facts, text }).find(({ alwaysShow }) => alwaysShow)?.start;

  it('proposes what files of the workspace name, by its place and without its password', () => {
    const values = valuesOfUri('amqp://ann:hunter2@h$(zap)/shop');
    const [first] = startItems({ ...facts, offers: [{ source: 'AMQP_URL in .env', values }] });
    assert.deepEqual(first, {
      label: String.raw`ann@h\$(zap)/shop`,
      description: 'AMQP_URL in .env',
      start: { kind: 'offer', values },
    });
  });

  it('leads from a host that is typed to the other questions, and filters by any other word', () => {
    assert.deepEqual(hostOf('rabbit.example'), { kind: 'steps', host: { host: 'rabbit.example', port: 5672 } });
    assert.deepEqual(hostOf(' rabbit:5673 '), { kind: 'steps', host: { host: 'rabbit', port: 5673 } });
    assert.deepEqual(hostOf('localhost'), { kind: 'steps', host: { host: 'localhost', port: 5672 } });
    for (const text of ['', 'step', 'rabbit:99999', 'a b.c']) assert.equal(hostOf(text), undefined, text);
  });

  it('says why a URI of something else is none of AMQP', () => {
    const [only, ...others] = startItems({ ...facts, text: 'http://rabbit:15672' });
    assert.match(only?.label ?? '', /^\$\(error\) That is not an AMQP URI/);
    assert.deepEqual([only?.start, others], [undefined, []]);
  });

  it('proposes localhost only when a broker was found there', () => {
    assert.deepEqual(
      startItems(facts).map(({ label }) => label),
      ['Paste an AMQP URI…', 'Enter step by step…'],
    );
    const [first] = startItems({ ...facts, found: { product: 'RabbitMQ', port: 5672 }, remoteName: 'wsl' });
    assert.deepEqual(first, {
      label: 'localhost',
      description: 'RabbitMQ found listening on 5672',
      detail: 'localhost is the machine the extension runs on: wsl.',
      start: { kind: 'local', port: 5672 },
    });
  });

  it('takes a URI that is typed, and shows it without the password', () => {
    const items = startItems({ ...facts, text: 'amqp://ann:sesame@rabbit/shop' });
    assert.deepEqual(
      items.map(({ label, start }) => [label, start?.kind]),
      [['Connect to ann@rabbit/shop', 'uri']],
    );
    const [wrong] = startItems({ ...facts, text: 'amqp://ann:sesame@rabbit/a/b' });
    assert.equal(wrong?.start, undefined);
    assert.doesNotMatch(wrong?.label ?? '', /sesame/);
  });

  it('offers to go on with what a failed test left unsaved', () => {
    const unsaved = { name: 'rabbit', values: localValues };
    const items = startItems({ ...facts, unsaved });
    assert.deepEqual([items[0]?.label, items[0]?.start?.kind], ['Go on with rabbit…', 'resume']);
  });
});
