import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds, fullId } from '../../src/ui/commands/ids.ts';
import { settingKeys } from '../../src/ui/config.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { markdownDescription?: string; default?: unknown; scope?: string; order?: number }>
      >;
    };
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string }[] }[];
  };
}

describe('the manifest', () => {
  let extension: vscode.Extension<unknown>;
  let contributes: Manifest['contributes'];
  before(async () => {
    const found = vscode.extensions.getExtension('warren-rabbitmq.warren');
    assert.ok(found);
    extension = found;
    ({ contributes } = extension.packageJSON as Manifest);
    await extension.activate();
  });

  it('lists exactly the commands that are in the code', () => {
    const listed = contributes.commands.map(({ command }) => command);
    assert.deepEqual(listed.toSorted(), commandIds.map(fullId).toSorted());
  });

  it('has every one of its commands registered', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter(
      // A view has commands of VS Code's own.
      (id) => id.startsWith('warren.') && !/^warren\.(explorer|messages)\./.test(id),
    );
    assert.deepEqual(registered.toSorted(), commandIds.map(fullId).toSorted());
  });

  it('puts every command into the category RabbitMQ', () => {
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ['RabbitMQ']);
  });

  it('names only commands that exist in menus, keybindings, welcome texts and walkthroughs', () => {
    const known = new Set<string>(commandIds.map(fullId));
    const texts = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ];
    const used = [
      ...Object.values(contributes.menus)
        .flat()
        .map(({ command }) => command),
      ...contributes.keybindings.map(({ command }) => command),
      ...texts.flatMap((text) => [...text.matchAll(/command:(warren\.[\w.]+)/g)].map(([, id]) => id ?? '')),
    ];
    assert.deepEqual(
      used.filter((id) => !known.has(id)),
      [],
    );
    assert.ok(used.length > 30);
  });

  it('binds keys only where the focus makes them safe', () => {
    assert.ok(contributes.keybindings.length > 0);
    for (const { command, when } of contributes.keybindings)
      assert.match(when ?? '', /editorLangId == (?:warren-tail|amqp)/, command);
  });

  it('declares exactly the settings that the code reads, each described, scoped, ordered and with a default', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).toSorted(), settingKeys.map((key) => `warren.${key}`).toSorted());
    const orders: number[] = [];
    for (const [name, { markdownDescription, scope, order, default: value }] of Object.entries(properties)) {
      assert.ok(markdownDescription !== undefined && scope !== undefined && order !== undefined, name);
      orders.push(order);
      assert.notEqual(value, undefined, name);
    }
    assert.equal(new Set(orders).size, orders.length, 'no two settings have the same place');
  });
});
