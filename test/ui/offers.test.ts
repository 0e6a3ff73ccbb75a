import assert from 'node:assert/strict';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { waitFor } from '../support/waitFor.ts';
import { Workbench } from './pages/workbench.ts';

describe('connections in files of the workspace', () => {
  let vhost: FreshVhost;
  let workbench: Workbench;
  before(async () => {
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    const managementPort = new URL(vhost.managementUrl).port;
    const compose = `services:
  web: { image: nginx, ports: ["8080:80"] }
  rabbit:
    image: rabbitmq:4-management
    ports:
      - "\${BROKER_PORT:-1}:5672"
      - "${managementPort}:15672"
    environment:
      RABBITMQ_DEFAULT_USER: ${vhost.user}
      RABBITMQ_DEFAULT_PASS: ${vhost.password}
`;
    workbench = await Workbench.open({
      files: {
        '.env': `# local\nBROKER_PORT=${vhost.amqpPort}\nexport AMQP_URL="${vhost.amqpUrl}" # ours\nOTHER=amqp://$USER:x@h\n`,
        'deploy/.env.staging': 'QUEUE_URL=amqps://ann@broker.example/shop\n',
        'docker-compose.yml': compose,
        'node_modules/x/.env': 'AMQP_URL=amqp://hidden.example\n',
      },
    });
    await workbench.show('RabbitMQ');
  });
  after(async () => {
    await workbench.dispose();
    await vhost.dispose();
  });

  const fromEnv = (): string => `${vhost.user}@${vhost.host}:${vhost.amqpPort}/${vhost.vhost}`;
  const fromCompose = (): string => `${vhost.user}@localhost:${vhost.amqpPort}/`;

  it('are offered by what adds one, with where they come from and without their passwords', async () => {
    await workbench.tree.welcomeButton('Add Connection');
    await workbench.quickInput.row(fromEnv()).waitFor();
    await workbench.quickInput.row(fromCompose()).waitFor();
    await workbench.screenshot('offers');
    const text = await workbench.quickInput.widget.innerText();
    assert.match(text, /AMQP_URL in \.env/);
    assert.match(text, /service rabbit in docker-compose\.yml/);
    assert.match(text, /ann@broker\.example\/shop/);
    assert.match(text, /QUEUE_URL in deploy\/\.env\.staging/);
    assert.doesNotMatch(text, /hidden\.example|OTHER/);
    await workbench.quickInput.cancel();
  });

  it('are added from .env with their password', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.pick(fromEnv());
    await workbench.tree.row(`${vhost.host}/${vhost.vhost}`).waitFor();
    await waitFor(async () => (await workbench.tree.description(`${vhost.host}/${vhost.vhost}`)) === fromEnv(), {
      describe: 'the connection to be open',
    });
  });

  it('are not offered once they are saved; one from a compose file brings its management API along', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.row(fromCompose()).waitFor();
    assert.equal(await workbench.quickInput.row(fromEnv()).count(), 0);
    await workbench.quickInput.pick(fromCompose());
    await workbench.tree.isExpanded('localhost');
    await workbench.tree.row('No queues').waitFor();
    await waitFor(async () => (await workbench.tree.description('localhost')) === fromCompose(), {
      describe: 'the connection to be open',
    });
    await workbench.screenshot('offers added');
  });

  it('ask for the password that the file does not have', async () => {
    await workbench.run('RabbitMQ: Add Connection…');
    await workbench.quickInput.pick('ann@broker.example/shop');
    await workbench.quickInput.widget.getByText('Password of user ann').waitFor();
    assert.equal(await workbench.quickInput.input.getAttribute('type'), 'password');
    await workbench.quickInput.cancel();
  });
});
