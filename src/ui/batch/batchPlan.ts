import type { PublishTarget } from '../publish/target.ts';
import type { SavedLines } from './savedLines.ts';

type OriginOnDisk<K extends string> = K extends string
  ? { readonly kind: K; readonly path: string; readonly stamp: string }
  : never;

/** What a batch is made from. A stamp changes when what it stands for does. */
export type BatchOrigin =
  | OriginOnDisk<'lines' | 'csv' | 'folder'>
  | (OriginOnDisk<'saved'> & SavedLines)
  /** Texts of an editor, each a message. */
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly contentType: string }
  /** `content` in base64; of a message file it is empty, for the template has it all. */
  | { readonly kind: 'repeat'; readonly times: number; readonly content: string; readonly contentType: string };

/** A message of a message file that each piece is put into. */
export interface TemplateChoice {
  readonly path: string;
  /** Which message of the file, 0 being the first. */
  readonly index: number;
  readonly stamp: string;
}

/** Everything that a batch needs to be published, or to go on: the first line of its journal. */
export interface BatchPlan {
  readonly version: 1;
  /** What is published, for people: `orders.csv`. */
  readonly label: string;
  readonly profileId: string;
  /** The connection's name. */
  readonly connection: string;
  readonly from: BatchOrigin;
  /** Left out where each message says itself where it goes. */
  readonly to?: PublishTarget;
  readonly template?: TemplateChoice;
  /** As fast as the broker confirms where it is left out. */
  readonly perSecond?: number;
  readonly count: number;
  /** In milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

/** A plan as a journal has it; undefined for what is none. */
export function toPlan(value: unknown): BatchPlan | undefined {
  if (!isObject(value) || value['version'] !== 1) return undefined;
  const { label, profileId, connection, from, to, template, perSecond, count, startedAt } = value;
  const texts = [label, profileId, connection].every((text) => typeof text === 'string');
  const numbers = isNumber(count) && isNumber(startedAt) && (perSecond === undefined || isNumber(perSecond));
  if (!texts || !numbers || !isOrigin(from)) return undefined;
  if (to !== undefined && !hasTexts(to, 'exchange', 'routingKey')) return undefined;
  if (template !== undefined && !(hasTexts(template, 'path', 'stamp') && isNumber(template['index']))) return undefined;
  return value as unknown as BatchPlan;
}

function isOrigin(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, times } = value;
  if (kind === 'texts') {
    const { texts } = value;
    return hasTexts(value, 'contentType') && Array.isArray(texts) && texts.every((text) => typeof text === 'string');
  }
  if (kind === 'repeat') return isNumber(times) && hasTexts(value, 'content', 'contentType');
  const { without = [] } = value;
  if (kind === 'saved' && !(Array.isArray(without) && without.every(isNumber))) return false;
  return ['lines', 'saved', 'csv', 'folder'].includes(String(kind)) && hasTexts(value, 'path', 'stamp');
}

function hasTexts(value: unknown, ...names: string[]): value is Record<string, unknown> {
  return isObject(value) && names.every((name) => typeof value[name] === 'string');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
