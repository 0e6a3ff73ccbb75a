import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

/** Shows in the status bar that something is under way. */
export async function withProgress<T>(title: string, run: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, run);
}

/** How long something may take before a notification says so, in milliseconds. */
const slowMs = 500;

type Report = (message: string, percent: number) => void;

/** Runs it, and once that takes more than half a second shows how far it is, with a button that cancels it. */
export async function withProgressWhenSlow<T>(
  title: string,
  run: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let latest: Parameters<Report> | undefined;
  let show: Report = (...values) => {
    latest = values;
  };
  const running = run(controller.signal, (...values) => show(...values));
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true };
    void vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => controller.abort());
      let shown = 0;
      show = throttled((message, percent) => {
        progress.report({ message, increment: percent - shown });
        shown = percent;
      });
      if (latest) show(...latest);
      // Its outcome is the caller's; here it only ends the notification.
      await running.then(ignore, ignore);
    });
  }, slowMs);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}

/** At most ten a second: each one is a message to the window. */
function throttled(report: Report): Report {
  let last = 0;
  return (...values) => {
    const now = Date.now();
    if (now - last < 100) return;
    last = now;
    report(...values);
  };
}

function ignore(): void {}
