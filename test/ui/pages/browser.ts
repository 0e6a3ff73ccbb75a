import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../../../scripts/lib/chromium.mjs';

let browser: Promise<Browser> | undefined;

/** Workbenches that are open, for pictures of what failed. */
export const open = new Set<{ screenshot(name: string): Promise<void> }>();

/** One Chromium for the whole stage; each workbench has a context of its own in it. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: environment('WARREN_TEST_CHROMIUM'),
    args: CHROMIUM_FLAGS,
    // The test runner ends the group that the browser is in.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  return browser;
}

/** Ends it. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** What the test runner passes on about the editor it started. */
export function environment(
  name: 'WARREN_TEST_CHROMIUM' | 'WARREN_TEST_EDITOR_PORT' | 'WARREN_TEST_EDITOR_LOGS',
): string {
  const value = process.env[name];
  if (value === undefined) throw new Error('No editor for tests: run them by `npm run test:ui`.');
  return value;
}
