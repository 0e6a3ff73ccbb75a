import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process takes, in MB. */
export interface MemorySample {
  /** Since the start of the run. */
  readonly minutes: number;
  /** The JavaScript heap and the buffers outside of it, after a collection. */
  readonly live: number;
  /** The resident set. */
  readonly resident: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Looks at this process. */
export function sampleMemory(minutes: number): MemorySample {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { minutes, live: (heapUsed + external) / 1e6, resident: rss / 1e6 };
}

/** Growth in MB an hour: the slope of the straight line that fits best; 0 where there is too little to tell. */
export function growthPerHour(samples: readonly MemorySample[], of: 'live' | 'resident'): number {
  const middle = mean(samples.map(({ minutes }) => minutes));
  const level = mean(samples.map((sample) => sample[of]));
  const spread = samples.reduce((sum, { minutes }) => sum + (minutes - middle) ** 2, 0);
  if (samples.length < 3 || spread === 0) return 0;
  const slope = samples.reduce((sum, each) => sum + (each.minutes - middle) * (each[of] - level), 0) / spread;
  return slope * 60;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
