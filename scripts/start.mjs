// npm start: a RabbitMQ, and VS Code with Warren and a demo workspace, connected. Ends on Ctrl+C or with the window.
//   npm start -- --editor=code-server|desktop   which editor
//   npm start -- --no-open                      only print where the editor is
import { ensureDependencies } from './lib/deps.mjs';
import { main, PlainError } from './lib/run.mjs';

await main(async () => {
  const { choice, browser } = parseArguments(process.argv.slice(2));
  await ensureDependencies(console.log);
  const { copyDemo, openEditor, provideEditor } = await import('./lib/demoEditor.mjs');
  const { packageExtension } = await import('./lib/package.mjs');

  console.log('Building Warren …');
  const [vsix, desktop, connection, folder] = await Promise.all([
    packageExtension(),
    provideEditor(choice, console.log),
    connect(),
    copyDemo(),
  ]);
  const { ended } = await openEditor(desktop, folder, { browser, env: connection, vsix, say: console.log });
  console.log('Ctrl+C stops everything that was started.');
  await ended;
  return 0;
});

/**
 * The broker to show: the one given, or a private one.
 * @returns {Promise<Record<string, string>>} what tells Warren to connect to it
 */
async function connect() {
  const { WARREN_AMQP_URL: given } = process.env;
  if (given !== undefined && given !== '') {
    console.log(`Using the RabbitMQ of WARREN_AMQP_URL (${hostOf(given)})`);
    return { WARREN_CONNECT: given, AMQP_URL: given };
  }
  const { startBroker } = await import('./lib/broker.mjs');
  const { ensureRabbitmq } = await import('./lib/rabbitmq.mjs');
  await ensureRabbitmq(console.log);
  console.log('Starting RabbitMQ …');
  const { amqpUrl, amqpPort, managementUrl } = await startBroker();
  console.log(`RabbitMQ ready on port ${amqpPort} (guest/guest), management at ${managementUrl}`);
  return {
    WARREN_CONNECT: amqpUrl,
    // For the demo's programs, in the editor's terminal.
    AMQP_URL: amqpUrl,
    ...(managementUrl === undefined ? {} : { WARREN_CONNECT_MANAGEMENT: managementUrl }),
  };
}

/** @param {string} url */
function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    throw new PlainError('WARREN_AMQP_URL is not a URL: it should be like amqp://user:password@host:5672/vhost');
  }
}

/** @param {string[]} words */
function parseArguments(words) {
  const unknown = words.find((word) => word !== '--no-open' && !word.startsWith('--editor='));
  if (unknown !== undefined) throw new PlainError(`${unknown} is not known: --editor=code-server|desktop, --no-open`);
  const choice = words.find((word) => word.startsWith('--editor='))?.slice('--editor='.length);
  if (choice !== undefined && choice !== 'desktop' && choice !== 'code-server') {
    throw new PlainError(`The editor is desktop or code-server, not ${choice}.`);
  }
  return { choice, browser: !words.includes('--no-open') };
}
