/** As long as anything in a benchmark may take, in milliseconds: what hangs is a failure to measure. */
const deadlineMs = 60_000;

/** The promise's outcome. @throws when it has none in time */
export async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${deadlineMs / 1000} s: ${what}`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
