// npm start: a RabbitMQ, and VS Code with Warren and a demo workspace, connected. Ends on Ctrl+C or with the window.
//   npm start -- --editor=code-server|desktop   which editor
//   npm start -- --no-open                      only print where the editor is
import { ensureDependencies } from './lib/deps.mjs';
import { main, PlainError } from './lib/run.mjs';

await main(async () => {
  const { choice, browser } = parseArguments(process.argv.slice(2));
  await ensureDependencies(console.log);
  const { provideBroker } = await import('./lib/demoBroker.mjs');
  const { copyDemo, openEditor, provideEditor } = await import('./lib/demoEditor.mjs');
  const { packageExtension } = await import('./lib/package.mjs');

  console.log('Building Warren …');
  const [vsix, desktop, connection, folder] = await Promise.all([
    packageExtension(),
    provideEditor(choice, console.log),
    provideBroker(console.log),
    copyDemo(),
  ]);
  const { ended } = await openEditor(desktop, folder, { browser, env: connection, vsix, say: console.log });
  console.log('Ctrl+C stops everything that was started.');
  await ended;
  return 0;
});

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
