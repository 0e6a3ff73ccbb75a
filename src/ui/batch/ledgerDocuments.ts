import * as vscode from 'vscode';
import type { Ledger } from '../../broker/batch/ledger.ts';
import type { BatchPlan } from './batchPlan.ts';
import { ledgerText } from './batchWords.ts';

const scheme = 'warren-ledger';

/** Ledgers of batches as read-only documents. */
export class LedgerDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent({ query }: vscode.Uri): string {
    return this.#texts.get(query) ?? 'The ledger of this batch is not kept any more.\n';
  }

  async show(id: string, plan: BatchPlan, ledger: Ledger): Promise<void> {
    this.#texts.set(id, ledgerText(plan, ledger));
    const uri = vscode.Uri.from({ scheme, path: `/Ledger of ${plan.label}.txt`, query: id });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
