import * as vscode from 'vscode';
import type { BatchEnd, BatchRun } from '../../broker/batch/batchRun.ts';
import type { Session } from '../../broker/session.ts';
import { fullId } from '../commands/ids.ts';
import { setContextKey } from '../contextKeys.ts';
import { Rate } from '../output/rate.ts';
import { plainLabel } from '../plainLabel.ts';
import type { BatchPlan } from './batchPlan.ts';
import { progressText } from './batchWords.ts';
import { plainText } from '../plainText.ts';
import { visibleName } from '../../common/visibleText.ts';

const reportMs = 200;

/** Batches under way, by their ids: what the status bar's button pauses and resumes. */
export class RunningBatches {
  readonly #runs = new Map<string, () => void>();

  /** Pauses or resumes the batch with this id, else the only one. */
  toggle(id: unknown): void {
    const [first] = this.#runs.values();
    const found = typeof id === 'string' ? this.#runs.get(id) : first;
    found?.();
  }

  /** Runs a batch with a notification that says how far it is and can cancel it, and a button that pauses it. */
  async show(id: string, plan: BatchPlan, session: Session, run: BatchRun): Promise<BatchEnd> {
    const bar = vscode.window.createStatusBarItem(`warren.batch.${id}`, vscode.StatusBarAlignment.Left);
    bar.name = 'RabbitMQ Batch';
    bar.command = { command: fullId('batch.pauseOrResume'), title: 'Pause or Resume', arguments: [id] };
    const stop = new AbortController();
    const rate = new Rate();
    const draw = (report: (value: { message: string; increment: number }) => void, shown: number): number => {
      const { ledger } = run.journal;
      const done = ledger.length - ledger.count('unsent');
      const percent = Math.floor((done / Math.max(1, plan.count)) * 100);
      const speed = rate.update(done, Date.now());
      const { state } = session;
      const isBlocked = state.kind === 'blocked';
      const how = isBlocked
        ? `waiting, the broker blocks publishing (${state.reason})`
        : run.isPaused
          ? `paused at ${progressText(done, plan.count, 0)}`
          : progressText(done, plan.count, speed);
      report({ message: plainText(how), increment: percent - shown });
      bar.text = `$(${run.isPaused ? 'debug-start' : 'debug-pause'}) ${plainLabel(plan.label)} ${percent} %`;
      bar.tooltip = run.isPaused ? 'Go on with this batch' : 'Pause this batch';
      bar.accessibilityInformation = { label: `${plan.label}, ${percent} percent. ${bar.tooltip}`, role: 'button' };
      return percent;
    };
    const title = plainText(`Publishing ${visibleName(plan.label)} on ${session.profile.name}`);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    try {
      return await vscode.window.withProgress(options, async (progress, token) => {
        token.onCancellationRequested(() => stop.abort());
        let shown = draw((value) => progress.report(value), 0);
        const redraw = (): void => void (shown = draw((value) => progress.report(value), shown));
        const timer = setInterval(redraw, reportMs);
        this.#runs.set(id, () => {
          if (run.isPaused) run.resume();
          else run.pause();
          redraw();
        });
        bar.show();
        setContextKey('warren.hasRunningBatch', true);
        try {
          return await run.run(stop.signal);
        } finally {
          clearInterval(timer);
        }
      });
    } finally {
      this.#runs.delete(id);
      setContextKey('warren.hasRunningBatch', this.#runs.size > 0);
      bar.dispose();
    }
  }
}
