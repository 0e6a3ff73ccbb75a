import type { RootHookObject } from 'mocha';
import { closeBrowser, open } from './pages/browser.ts';

/** For all files of the stage: a picture of what failed, and the end of the browser. */
export const mochaHooks: RootHookObject = {
  async afterEach(this: Mocha.Context) {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    for (const workbench of open) await workbench.screenshot(`failed ${test.fullTitle()}`);
  },
  async afterAll() {
    await closeBrowser();
  },
};
