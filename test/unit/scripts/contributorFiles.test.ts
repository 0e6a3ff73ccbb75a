import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { temporaryFolder } from '../../../scripts/lib/owned.mjs';
import { root } from '../../../scripts/lib/run.mjs';
import { Program } from '../../support/program.ts';
import { waitFor } from '../../support/waitFor.ts';

interface Launch {
  readonly configurations: readonly {
    readonly name: string;
    readonly type: string;
    readonly args: readonly string[];
    readonly program?: string;
    readonly outFiles?: readonly string[];
    readonly preLaunchTask?: string;
  }[];
}

interface Tasks {
  readonly tasks: readonly {
    readonly label: string;
    readonly type: string;
    readonly script: string;
    readonly problemMatcher: {
      readonly pattern: { readonly regexp: string };
      readonly background: { readonly beginsPattern: string; readonly endsPattern: string };
    };
  }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

const inWorkspace = (path: string): string => path.replace('${workspaceFolder}', root);

/** What F5 needs in a contributor's checkout: a name that is wrong here shows in VS Code only. */
describe('F5', () => {
  const { configurations } = read('.vscode/launch.json') as Launch;
  const { tasks } = read('.vscode/tasks.json') as Tasks;
  const manifest = read('package.json') as { main: string; scripts: Record<string, string> };

  it('starts the extension first', () => assert.equal(configurations[0]?.type, 'extensionHost'));

  for (const { name, args, program, outFiles = [], preLaunchTask } of configurations) {
    it(`names tasks and files that exist, in ${name}`, () => {
      if (preLaunchTask !== undefined) assert.ok(tasks.some(({ label }) => label === preLaunchTask));
      const paths = [...args, program ?? ''].flatMap((text) => /\$\{workspaceFolder\}.*/.exec(text) ?? []);
      for (const path of paths) assert.ok(existsSync(inWorkspace(path)), path);
      // Where the bundle with its source map is.
      const bundle = join(root, manifest.main);
      assert.deepEqual(
        outFiles,
        outFiles.map(() => `\${workspaceFolder}/${basename(dirname(bundle))}/**/*${extname(bundle)}`),
      );
    });
  }

  for (const { label, type, script } of tasks) {
    it(`has a script for the task ${label}`, () => {
      assert.equal(type, 'npm');
      const command = manifest.scripts[script];
      assert.ok(command !== undefined);
      const file = /^node (\S+)/.exec(command)?.[1];
      assert.ok(file !== undefined && existsSync(join(root, file)), command);
    });
  }

  it('knows by what esbuild prints when a build begins, fails and ends', async function () {
    this.timeout(10_000);
    const [task] = tasks;
    assert.ok(task);
    const { pattern, background } = task.problemMatcher;
    const folder = temporaryFolder('watch');
    const source = join(folder.path, 'a.js');
    writeFileSync(source, 'let a = ;\n');
    // As scripts/build.mjs watches.
    const options = { entryPoints: [source], outfile: join(folder.path, 'out.js'), logLevel: 'info' };
    const script = `import { context } from 'esbuild'; await (await context(${JSON.stringify(options)})).watch();`;
    const watch = Program.start(process.execPath, ['--input-type=module', '-e', script]);
    const prints = (expression: string): Promise<unknown> =>
      waitFor(() => new RegExp(expression, 'm').test(watch.text), { describe: () => `${expression} in ${watch.text}` });
    try {
      await prints(background.endsPattern);
      await prints(pattern.regexp);
      writeFileSync(source, 'let a = 1;\n');
      await prints(background.beginsPattern);
    } finally {
      await watch.dispose();
      folder.remove();
    }
  });
});
