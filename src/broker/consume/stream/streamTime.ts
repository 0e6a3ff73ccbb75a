import { AppError } from '../../../common/errors.ts';

/** `14:05`, `yesterday 14:05`, with seconds or without. */
const clockTime = /^(?:(today|yesterday) +)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/i;
/** `2026-11-22`, `2026-11-22 14:05`, `2026-11-22T14:05:30.250Z`, with `+01:00` instead of the `Z` or without. */
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: *(Z|[+-]\d{2}:?\d{2}))?)?$/i;

interface Parts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** Minutes that its clocks are ahead of UTC; undefined for local time. */
  readonly zone: number | undefined;
}

/**
 * A point in time as people write it, in seconds since the Unix epoch; a fraction is left out, so that reading begins
 * before it rather than after. Local time unless a zone is given, midnight unless a time is.
 * @throws AppError `invalidInput` for what is no time, does not exist, or is still to come
 */
export function parseTime(text: string, now: Date): number {
  const parts = ofClock(text.trim(), now) ?? ofDate(text.trim());
  if (!parts) throw invalid('must be like 14:05, yesterday 14:05, 2026-11-22 14:05 or 2026-11-22T14:05:00Z');
  const { year, month, day, hours, minutes, seconds, zone } = parts;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!isDay || hours > 23 || minutes > 59 || seconds > 59) throw invalid('does not exist');
  const time =
    zone === undefined
      ? new Date(year, month - 1, day, hours, minutes, seconds).getTime()
      : Date.UTC(year, month - 1, day, hours, minutes - zone, seconds);
  if (year < 1970 || time < 0) throw invalid('must not be before 1970');
  if (time > now.getTime()) throw invalid('is still to come');
  return time / 1_000;
}

function ofClock(text: string, now: Date): Parts | undefined {
  const match = clockTime.exec(text);
  if (!match) return undefined;
  const [, word, hours, minutes, seconds = '0'] = match;
  const back = word?.toLowerCase() === 'yesterday' ? 1 : 0;
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hours: Number(hours),
    minutes: Number(minutes),
    seconds: Number(seconds),
    zone: undefined,
  };
}

function ofDate(text: string): Parts | undefined {
  const match = dateTime.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', zone] = match;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hours: Number(hours),
    minutes: Number(minutes),
    seconds: Number(seconds),
    zone: zone === undefined ? undefined : minutesAhead(zone),
  };
}

/** `Z`, `+01:00` or `-0530`. */
function minutesAhead(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function invalid(reason: string): AppError {
  return new AppError('invalidInput', { field: 'time', reason });
}
