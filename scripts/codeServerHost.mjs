#!/usr/bin/env node
// Stands in for VS Code's executable where desktop VS Code cannot be had: takes the arguments @vscode/test-electron gives,
// and runs the same tests in code-server's extension host, which a browser page starts.
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from './lib/chromium.mjs';
import { startCodeServer } from './lib/editor.mjs';
import { TEST_OUTPUT } from './lib/mochaStats.mjs';
import { main, PlainError } from './lib/run.mjs';

/** @param {string} name */
function argument(name) {
  const prefix = `--${name}=`;
  return process.argv.find((each) => each.startsWith(prefix))?.slice(prefix.length);
}

await main(async () => {
  const extension = argument('extensionDevelopmentPath');
  const tests = argument('extensionTestsPath');
  const folder = process.argv.slice(2).find((each) => !each.startsWith('-'));
  if (extension === undefined || tests === undefined || folder === undefined) {
    throw new PlainError('Needs --extensionDevelopmentPath, --extensionTestsPath and a folder.');
  }
  const executablePath = await ensureChromium();
  const editor = await startCodeServer({ folder, smokeTest: true });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage();
  /** @type {Promise<number>} */
  const exit = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
    page.on('crash', () => resolve(1));
    void editor.ended.then(() => resolve(1));
  });
  /** @type {string[]} */
  const complaints = [];
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    const line = format(...args);
    if (line.startsWith(TEST_OUTPUT)) console.log(line.slice(TEST_OUTPUT.length));
    else if (type === 'error' || type === 'warning') complaints.push(line);
  });
  const remote = (/** @type {string} */ path) => `vscode-remote://127.0.0.1:${editor.port}${path}`;
  const environment = Object.entries(process.env).filter(([name]) => name.startsWith('WARREN_'));
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(tests)],
    ['extensionEnvironment', JSON.stringify(Object.fromEntries(environment))],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  await page.goto(`${editor.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const code = await exit;
  if (code !== 0) console.error(['The workbench said:', ...complaints.slice(-20)].join('\n  '));
  await browser.close();
  await editor.dispose();
  return code;
});
