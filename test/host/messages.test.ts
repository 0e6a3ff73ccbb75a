import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { sharedBroker } from '../support/broker.ts';
import { Management } from '../support/management.ts';
import { waitFor } from '../support/waitFor.ts';

const queue = 'host.orders';

const outputOf = (name: string): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'output' && uri.path.endsWith(name));

async function lensesOf(document: vscode.TextDocument): Promise<vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  return lenses.flatMap(({ command }) => command ?? []);
}

/** How often the last of three messages is shown by tails of the queue. */
const timesShown = (): number => (outputOf(queue)?.getText().split('"id": 3').length ?? 1) - 1;

const run = (command: string, args: object = {}): Thenable<unknown> =>
  vscode.commands.executeCommand(`warren.${command}`, { connection: 'demo', queue, ...args });

describe('messages in an extension host', () => {
  let management: Management;
  let source: vscode.TextDocument;
  before(async () => {
    const { managementUrl, user, password } = sharedBroker();
    management = new Management(managementUrl, user, password);
    await management.request('PUT', `queues/%2F/${queue}`, { durable: true });
    await vscode.extensions.getExtension('warren-rabbitmq.warren')?.activate();
    source = await vscode.workspace.openTextDocument({
      language: 'json',
      content: '{"id":1}\n{"id":2}\n{"id":3}',
    });
  });
  beforeEach(() => management.request('DELETE', `queues/%2F/${queue}/contents`));
  after(async () => {
    await management.request('DELETE', `queues/%2F/${queue}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function hasCounts(ready: number, unacknowledged: number): Promise<void> {
    let seen: unknown;
    await waitFor(
      async () => {
        const counts = await management.queueCounts('/', queue);
        seen = counts;
        return counts?.ready === ready && counts.unacknowledged === unacknowledged;
      },
      { describe: () => `${ready} ready, ${unacknowledged} unacknowledged, not ${JSON.stringify(seen)}` },
    );
  }

  /** Publishes three messages, each of which is a selection in the editor. */
  async function publish(): Promise<void> {
    const editor = await vscode.window.showTextDocument(source);
    editor.selections = [0, 1, 2].map((line) => {
      const { range } = source.lineAt(line);
      return new vscode.Selection(range.start, range.end);
    });
    await run('publishMessage');
  }

  it('are published from the editor by a key that names connection and queue', async () => {
    await publish();
    await hasCounts(3, 0);
  });

  it('are shown by a tail that holds them, and settled by commands; their lenses say so', async () => {
    await publish();
    await run('tailQueue', { mode: 'hold' });
    await hasCounts(0, 3);
    const document = await waitFor(() => outputOf(queue), { describe: 'the output document' });
    assert.equal(document.languageId, 'warren-tail');
    await waitFor(() => /^#3 {2}/m.test(document.getText()), { describe: 'the third message' });
    await vscode.commands.executeCommand('warren.message.ack');
    await hasCounts(0, 2);
    // What cannot be undone is done only to a message that is pointed at.
    await vscode.commands.executeCommand('warren.message.reject');
    await hasCounts(0, 2);
    const reject = await waitFor(
      async () => (await lensesOf(document)).find(({ title }) => title.startsWith('Reject')),
      {
        describe: 'a lens that rejects',
      },
    );
    await vscode.commands.executeCommand(reject.command, ...(reject.arguments ?? []));
    await hasCounts(0, 1);
    await vscode.commands.executeCommand('warren.tail.stop');
    await hasCounts(1, 0);
    const titles = (await lensesOf(document)).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title !== 'Open'),
      ['✓ acked', '✗ rejected', '↩ requeued'],
    );
  });

  it('are drained at the pace they come', async () => {
    const before = timesShown();
    await publish();
    await hasCounts(3, 0);
    await run('tailQueue', { mode: 'drain' });
    await waitFor(() => timesShown() === before + 1, { describe: 'the messages drained' });
    await publish();
    await waitFor(() => timesShown() === before + 2, { describe: 'those drained that came later' });
    await vscode.commands.executeCommand('warren.tail.stop');
    await hasCounts(0, 0);
  });
});
