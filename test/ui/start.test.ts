import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { answersTcp } from '../../scripts/lib/ready.mjs';
import { root } from '../../scripts/lib/run.mjs';
import { freshVhost, type FreshVhost } from '../support/broker.ts';
import { Program } from '../support/program.ts';
import { waitFor } from '../support/waitFor.ts';
import { sharedBrowser } from './pages/browser.ts';

describe('npm start with a broker that is given', () => {
  let vhost: FreshVhost;
  let program: Program;
  let context: BrowserContext;
  let page: Page;
  let url: URL;
  before(async function () {
    this.timeout(120_000);
    vhost = await freshVhost();
    await vhost.management.request('PUT', `queues/${vhost.vhost}/orders`, { durable: true });
    const script = join(root, 'scripts', 'start.mjs');
    program = Program.start(process.execPath, [script, '--editor=code-server', '--no-open'], {
      WARREN_AMQP_URL: vhost.amqpUrl,
    });
    const line = await program.line(/^Open http:/, 90_000);
    url = new URL(line.slice('Open '.length));
    context = await (await sharedBrowser()).newContext({ viewport: { width: 1400, height: 900 } });
    page = await context.newPage();
    await page.goto(url.href);
  });
  after(async () => {
    await context?.close();
    await program?.dispose();
    await vhost?.dispose();
  });

  it('uses that one, starts none, and never says its password', async () => {
    const said = program.lines.join('\n');
    assert.match(
      said,
      new RegExp(`^Using the RabbitMQ of WARREN_AMQP_URL \\(127\\.0\\.0\\.1:${vhost.amqpPort}\\)$`, 'm'),
    );
    assert.equal(said.includes('Starting RabbitMQ'), false);
    assert.equal(program.text.includes(`:${vhost.password}@`), false);
  });

  it('opens the demo workspace, already connected, with the queues in view', async () => {
    const rows = page.locator('.part.sidebar .monaco-list-row');
    await rows
      .filter({ hasText: 'demo' })
      .filter({ hasText: `guest@127.0.0.1:${vhost.amqpPort}` })
      .waitFor();
    await rows.filter({ hasText: 'Only queues known by name' }).waitFor();
    await page.screenshot({ path: join(root, 'artifacts', 'ui', 'start.png') });
  });

  it('is all gone after Ctrl+C, and the broker is left as it was', async () => {
    const folder = url.searchParams.get('folder') ?? '';
    assert.ok(existsSync(folder));
    process.kill(program.pid, 'SIGINT');
    assert.equal(await program.ended, 130);
    await waitFor(async () => !existsSync(folder) && !(await answersTcp(Number(url.port))), {
      describe: 'no editor and no demo folder',
    });
    assert.deepEqual(await vhost.management.queueNames(vhost.vhost), ['orders']);
  });
});

describe('npm start on a machine with RabbitMQ', () => {
  let program: Program;
  let context: BrowserContext;
  before(async () => {
    const script = join(root, 'scripts', 'start.mjs');
    program = Program.start(process.execPath, [script, '--editor=code-server', '--no-open'], { WARREN_AMQP_URL: '' });
    context = await (await sharedBrowser()).newContext({ viewport: { width: 1400, height: 900 } });
  });
  after(async () => {
    await context?.close();
    await program?.dispose();
  });

  it('runs a private one, whose queues are all seen, and leaves nothing after kill -9', async function () {
    this.timeout(120_000);
    const ready = /RabbitMQ ready on port (\d+) .* management at http:\/\/127\.0\.0\.1:(\d+)/;
    const [, amqpPort, managementPort] = ready.exec(await program.line(ready, 90_000)) ?? [];
    const url = new URL((await program.line(/^Open http:/, 90_000)).slice('Open '.length));
    const ports = [amqpPort, managementPort, url.port].map(Number);
    const folder = url.searchParams.get('folder') ?? '';
    const page = await context.newPage();
    await page.goto(url.href);
    const rows = page.locator('.part.sidebar .monaco-list-row');
    await rows.filter({ hasText: `guest@127.0.0.1:${amqpPort}` }).waitFor();
    await rows.filter({ hasText: 'No queues' }).waitFor();
    for (const port of ports) assert.equal(await answersTcp(port), true);
    process.kill(program.pid, 'SIGKILL');
    await waitFor(async () => !existsSync(folder) && !(await Promise.all(ports.map(answersTcp))).includes(true), {
      describe: 'no broker, no editor and no demo folder',
    });
  });
});
