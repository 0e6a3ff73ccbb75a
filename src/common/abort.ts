import { AppError } from './errors.ts';

/**
 * The promise's outcome, unless the signal is aborted first; what was begun goes on.
 * @throws AppError `cancelled`
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new AppError('cancelled', {}));
    const settle = (): void => signal.removeEventListener('abort', cancel);
    promise.then(resolve, reject).finally(settle);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel);
  });
}
