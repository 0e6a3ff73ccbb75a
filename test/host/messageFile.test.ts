import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { sharedBroker } from '../support/broker.ts';
import { Management } from '../support/management.ts';
import { waitFor } from '../support/waitFor.ts';

const queue = 'host.messages';

const content = `@a = 1

### First
${queue}
Content-Type:text/plain
conten-type: text/plain

{{a}} {{nowhere}}

### Second
host.no.such.queue
x-a: int8 300

< ./a.txt
`;

async function open(text: string): Promise<vscode.TextDocument> {
  const opened = await vscode.workspace.openTextDocument({ language: 'amqp', content: text });
  await vscode.window.showTextDocument(opened);
  return opened;
}

describe('a message file in an extension host', () => {
  let management: Management;
  let document: vscode.TextDocument;
  before(async () => {
    const { managementUrl, user, password } = sharedBroker();
    management = new Management(managementUrl, user, password);
    await management.request('PUT', `queues/%2F/${queue}`, { durable: true });
    await vscode.extensions.getExtension('warren-rabbitmq.warren')?.activate();
    document = await open(content);
  });
  after(async () => {
    await management.request('DELETE', `queues/%2F/${queue}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  function ask<T>(command: string, ...args: unknown[]): Thenable<T> {
    return vscode.commands.executeCommand<T>(command, document.uri, ...args);
  }

  async function lenses(): Promise<string[]> {
    const found = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider');
    return found.map(({ command }) => command?.title ?? '');
  }

  const lineOf = (text: string): number => document.positionAt(document.getText().indexOf(text)).line;

  it('has its messages in the outline, and folds them and their bodies', async () => {
    const symbols = await waitFor(
      async () => {
        const found = await ask<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider');
        return found && found.length > 0 ? found : undefined;
      },
      { describe: 'the outline' },
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [
        ['First', queue],
        ['Second', 'host.no.such.queue'],
      ],
    );
    assert.deepEqual(
      symbols[1]?.children.map(({ name, detail }) => [name, detail]),
      [['x-a', 'int8 300']],
    );
    const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider');
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [
        [2, 7],
        [9, 13],
      ],
    );
  });

  it('is told what is wrong with it, by itself and by what the broker has', async () => {
    const wanted = [
      'no property of AMQP',
      'no variable nowhere',
      'must be a whole number',
      'no queue host.no.such.queue',
    ];
    await waitFor(
      () => {
        const messages = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
        return wanted.every((text) => messages.some((message) => message.includes(text)));
      },
      {
        describe: () =>
          `${wanted.join(', ')} in ${vscode.languages
            .getDiagnostics(document.uri)
            .map(({ message }) => message)
            .join('; ')}`,
      },
    );
    assert.equal(vscode.languages.getDiagnostics(document.uri).length, wanted.length);
  });

  it('has fixes for a name that is no property and a queue that is not there', async () => {
    const range = document.lineAt(lineOf('conten-type')).range;
    const fixes = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', range);
    const [fix] = fixes.filter(({ title }) => title === 'Send conten-type as a header');
    assert.match(JSON.stringify(fix?.edit?.entries()), /\\"conten-type\\"/);
    const missing = document.lineAt(lineOf('host.no.such.queue')).range;
    const others = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', missing);
    assert.deepEqual(
      others.map(({ title }) => title),
      ['Declare queue host.no.such.queue…'],
    );
  });

  it('tells the value of a variable and leads to the file of a body', async () => {
    const position = new vscode.Position(lineOf('{{a}}'), 3);
    const [hover] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', position);
    assert.match(hover?.contents.map((each) => (typeof each === 'string' ? each : each.value)).join('\n') ?? '', /1/);
    const [link] = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider');
    assert.equal(link && document.getText(link.range), './a.txt');
    assert.match(link?.target?.path ?? '', /\/a\.txt$/);
  });

  it('is completed with the names of queues', async () => {
    document = await open('host.');
    const { items } = await ask<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      new vscode.Position(0, 5),
    );
    assert.ok(items.some(({ label }) => (typeof label === 'string' ? label : label.label) === queue));
  });

  it('is formatted without a change to what is sent', async () => {
    document = await open(`"${queue}"\nContent-Type:text/plain\n\n{  "a": 1}  \n`);
    const edits = await ask<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', {
      tabSize: 2,
      insertSpaces: true,
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), `${queue}\ncontent-type: text/plain\n\n{  "a": 1}  \n`);
  });

  it('is published by its lens, which then says what became of it', async () => {
    document = await open(`${queue}\n\nhello\n###\nhost.no.such.queue\n\nhello`);
    await waitFor(async () => (await lenses()).includes('Publish All'), { describe: 'the lenses' });
    await vscode.commands.executeCommand('warren.messageFile.publishAll', document.uri.toString());
    const [routed = '', returned = ''] = (await lenses()).filter((title) => /^[✓⚠]/.test(title));
    assert.match(routed, /^✓ confirmed, routed/);
    assert.match(returned, /^⚠ unroutable: no such queue/);
    assert.equal((await management.queueCounts('/', queue))?.ready, 1);
  });
});
