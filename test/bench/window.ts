import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/lib/chromium.mjs';
import { type Editor, startCodeServer } from '../../scripts/lib/editor.mjs';
import { temporaryFolder } from '../../scripts/lib/owned.mjs';
import { root } from '../../scripts/lib/run.mjs';
import { inTime } from './deadline.ts';
import { type Host, HostDoor } from './host.ts';
import { pageScript } from './page.ts';

/** The extension under test. */
export const extensionId = 'warren-rabbitmq.warren';

/** The broker that a window's Warren is connected to, as `demo`. */
export interface Connected {
  readonly amqpUrl: string;
  readonly amqpPort: number;
  readonly managementUrl: string | undefined;
}

const workbenchReady = `['code/didStartWorkbench', 'code/didLoadExtensions'].every((name) => performance.getEntriesByName(name).length > 0)`;

/** code-server with the packaged extension, a browser, and windows in it. */
export class Windows {
  readonly #editor: Editor;
  readonly #browser: Browser;
  readonly #door: HostDoor;
  readonly #agent: string;

  private constructor(editor: Editor, browser: Browser, door: HostDoor, agent: string) {
    this.#editor = editor;
    this.#browser = browser;
    this.#door = door;
    this.#agent = agent;
  }

  /** Where extensions are installed. */
  get extensions(): string {
    return join(this.#editor.dir, 'extensions');
  }

  static async start(vsix: string): Promise<Windows> {
    const { path: workspace } = temporaryFolder('workspace');
    const [agent, editor, browser, door] = await Promise.all([
      buildAgent(),
      startCodeServer({ folder: workspace, vsix, smokeTest: true }),
      ensureChromium().then((executablePath) => chromium.launch({ executablePath, args: CHROMIUM_FLAGS })),
      HostDoor.open(),
    ]);
    return new Windows(editor, browser, door, agent);
  }

  /** Opens a window with Warren connected, whose extension host reports here; ready when this settles. */
  async open(connected: Connected): Promise<Window> {
    const window = await this.openInactive(connected);
    await window.host.activate(extensionId);
    return window;
  }

  /** The same while Warren has nothing to do yet; without a broker it will not connect at once. */
  async openInactive(connected?: Connected): Promise<Window> {
    const context = await this.#browser.newContext({ viewport: { width: 1400, height: 900 } });
    const page = await context.newPage();
    const environment = {
      WARREN_BENCH_PORT: String(this.#door.port),
      ...(connected && toConnect(connected)),
    };
    const payload = [
      ['extensionDevelopmentPath', `vscode-remote://127.0.0.1:${this.#editor.port}${this.#agent}`],
      ['extensionEnvironment', JSON.stringify(environment)],
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    await page.addInitScript(pageScript);
    const url = `${this.#editor.url}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    const reported = this.#door.next();
    await page.goto(url);
    const window = new Window(page, context, await reported);
    await page.waitForFunction(workbenchReady);
    return window;
  }

  /** A session with the browser itself, for its processes. */
  browserSession(): Promise<CDPSession> {
    return this.#browser.newBrowserCDPSession();
  }

  async dispose(): Promise<void> {
    await this.#browser.close();
    await this.#editor.dispose();
    this.#door.dispose();
  }
}

/**
 * A window of VS Code and its extension host. It is not loaded twice: the workbench was seen to start two hosts then, and
 * the second is the one in use.
 */
export class Window {
  readonly page: Page;
  readonly host: Host;
  readonly #context: BrowserContext;

  constructor(page: Page, context: BrowserContext, host: Host) {
    this.page = page;
    this.host = host;
    this.#context = context;
  }

  /** Runs something of {@link pageScript} in the page. */
  inPage<T>(expression: string): Promise<T> {
    return inTime(this.page.evaluate<T>(`warrenBench.${expression}`), expression);
  }

  async dispose(): Promise<void> {
    await this.#context.close();
    // It may have ended with its window, or ends before it can answer: either way it is gone.
    await this.host.end().catch(() => undefined);
  }
}

/** Has Warren connect as it starts, and what comes from the broker's port watched. */
function toConnect({ amqpUrl, amqpPort, managementUrl }: Connected): Record<string, string> {
  return {
    WARREN_BENCH_AMQP_PORT: String(amqpPort),
    WARREN_CONNECT: amqpUrl,
    ...(managementUrl === undefined ? {} : { WARREN_CONNECT_MANAGEMENT: managementUrl }),
  };
}

/** Builds the extension that does the benchmark's part in the extension host; returns its folder. */
async function buildAgent(): Promise<string> {
  const { path } = temporaryFolder('bench-agent');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/bench/agent/extension.ts', 'test/bench/agent/bare.ts'],
    outdir: path,
    outExtension: { '.js': '.cjs' },
    plugins: [bareApart],
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.18',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const manifest = {
    name: 'warren-bench',
    publisher: 'warren-rabbitmq',
    version: '0.0.0',
    engines: { vscode: '^1.100.0' },
    main: './extension.cjs',
    extensionKind: ['workspace'],
    activationEvents: ['*'],
  };
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest));
  return path;
}

/** Two files, each with an amqplib of its own. */
const bareApart: Plugin = {
  name: 'bare-apart',
  setup(building) {
    building.onResolve({ filter: /\/bare\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './bare.cjs', external: true },
    );
  },
};
