import { withCancellableProgress } from './progress.ts';

/** What ends sooner needs no telling, in milliseconds. */
const quietMs = 500;

/**
 * Runs a task, with a notification that can cancel it as soon as it takes longer than a person notices.
 * @param task its signal is aborted when the person cancels; it then ends as it sees fit
 */
export async function withLateProgress<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const running = task(stop.signal);
  if (await settlesWithin(running, quietMs)) return running;
  return withCancellableProgress(title, (cancelled) => {
    cancelled.addEventListener('abort', () => stop.abort());
    return running;
  });
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
