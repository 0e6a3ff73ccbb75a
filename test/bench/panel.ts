import type { Frame } from 'playwright-core';
import { inTime } from './deadline.ts';
import type { Window } from './window.ts';

/** The Messages panel in view: a webview, which is a frame in a frame. */
export interface Panel {
  /** Runs something of `pageScript` in the webview. */
  inPage<T>(expression: string): Promise<T>;
}

/** Brings the Messages panel into view. */
export async function openPanel({ host, page }: Window): Promise<Panel> {
  await host.command('warren.messages.focus');
  const main = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame').locator('main');
  const handle = await main.elementHandle();
  const frame = await handle?.ownerFrame();
  if (!frame) throw new Error('The Messages panel has no frame.');
  return { inPage: (expression) => inTime(run(frame, expression), expression) };
}

async function run<T>(frame: Frame, expression: string): Promise<T> {
  return frame.evaluate<T>(`warrenBench.${expression}`);
}
