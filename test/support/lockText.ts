import { hostname } from 'node:os';

/** What a process writes into its lock file. No process has a number of 4,194,305 and up on Linux. */
export function lockText(pid: number, host = hostname()): string {
  return JSON.stringify({ process: pid, host, token: 'of-another' });
}
