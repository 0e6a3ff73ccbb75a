import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provideEditor } from '../../../scripts/lib/demoEditor.mjs';
import { chooseDesktop } from '../../../scripts/lib/desktop.mjs';
import { temporaryFolder } from '../../../scripts/lib/owned.mjs';
import { capture, PlainError, root } from '../../../scripts/lib/run.mjs';

const ignore = (): void => undefined;

/** These run where a display is a matter of the environment. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

describe('the editor of npm start', () => {
  for (const [argument, words] of [
    ['--editor=emacs', 'The editor is desktop or code-server, not emacs.'],
    ['--edit=desktop', '--edit=desktop is not known: --editor=code-server|desktop, --no-open'],
  ] as const) {
    it(`is not started with ${argument}, and what there is instead is said`, async () => {
      const script = join(root, 'scripts', 'start.mjs');
      const { code, output } = await capture(process.execPath, [script, argument]);
      assert.deepEqual([code, output.trim()], [1, words]);
    });
  }

  it('is code-server where that is chosen, also beside a desktop', async () => {
    assert.equal(await chooseDesktop('code-server', ignore), undefined);
  });

  onLinux('on Linux', () => {
    const before = { PATH: process.env['PATH'], DISPLAY: process.env['DISPLAY'] };
    let folder: ReturnType<typeof temporaryFolder>;
    let program: string;

    beforeEach(() => {
      for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'VSCODE_IPC_HOOK_CLI']) delete process.env[name];
      // Where packages put VS Code: `code` on PATH is a link to a script beside the program's folder.
      folder = temporaryFolder('editor-choice');
      program = join(folder.path, 'share', 'code', 'code');
      const script = join(dirname(program), 'bin', 'code');
      mkdirSync(dirname(script), { recursive: true });
      for (const file of [program, script]) {
        writeFileSync(file, '#!/bin/sh\n');
        chmodSync(file, 0o755);
      }
      symlinkSync(script, join(folder.path, 'code'));
      process.env['PATH'] = `${folder.path}:${before.PATH}`;
    });

    afterEach(() => {
      folder.remove();
      process.env['PATH'] = before.PATH;
      if (before.DISPLAY === undefined) delete process.env['DISPLAY'];
      else process.env['DISPLAY'] = before.DISPLAY;
    });

    it('is the one on PATH where a window can be shown', async () => {
      process.env['DISPLAY'] = ':99';
      for (const choice of [undefined, 'desktop']) {
        // One after the other: they read the same environment.
        // oxlint-disable-next-line no-await-in-loop
        assert.deepEqual(await provideEditor(choice, ignore), { executable: program });
      }
    });

    it('is no desktop where no window can be shown, and code-server then unless desktop was asked for', async () => {
      assert.equal(await chooseDesktop(undefined, ignore), undefined);
      await assert.rejects(
        provideEditor('desktop', ignore),
        new PlainError('Desktop VS Code cannot be used: there is no display.'),
      );
    });
  });
});
