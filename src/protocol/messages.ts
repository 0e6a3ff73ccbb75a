import type { MessageDetail } from './detail.ts';
import { boolean, integer, list, object, oneOf, optional, pair, text, type Shape, type Shaped } from './shape.ts';

/*
 * What the Messages panel's webview and the extension host say to each other. The webview asks for the rows that it
 * shows, by their place among the rows that the filter lets through: a place stays the same until the epoch changes.
 */

export const settlements = ['acked', 'requeued', 'rejected'] as const;
export type SettlementName = (typeof settlements)[number];

/** What became of a message; `''` where no message has a state of its own. A settled one is pending until it is confirmed. */
export type RowState = '' | 'held' | 'lost' | SettlementName | `${SettlementName}?`;

/** A message as a row: everything is text in one line, of bounded length, free of characters that cannot be seen. */
export interface Row {
  readonly number: number;
  readonly time: string;
  readonly exchange: string;
  readonly key: string;
  readonly type: string;
  readonly size: string;
  readonly flags: string;
  readonly state: RowState;
  readonly preview: string;
  /** It says where a reply goes. */
  readonly awaitsReply?: true;
  /** It is not kept any more: only its number and state are known. */
  readonly isGone?: true;
}

/** More rows than this are not given at a time. */
export const mostRows = 500;

/** While the end is followed, the webview keeps so many of the last rows; it is told of changes to these. */
export const keptRows = 200;

/** A tail that can be shown. */
export interface TailChoice {
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

/** Which tails there are, and what the panel remembers; pushed when it changes. */
export interface TailsPush {
  readonly kind: 'tails';
  readonly tails: readonly TailChoice[];
  /** The one that is shown. */
  readonly current: string | undefined;
  readonly hasConnections: boolean;
  /** How columns and panes are laid out; what the webview last asked to remember. */
  readonly layout: string;
}

/** A line about the tail, such as that it was interrupted; in one line of bounded length. */
export interface NoticeLine {
  /** From 1. */
  readonly number: number;
  readonly time: string;
  readonly text: string;
  /** Something is or may be lost, missed, held or over. */
  readonly isWarning: boolean;
}

/** What was said of the tail that is shown; pushed when it changes. */
export interface NoticesPush {
  readonly kind: 'notices';
  /** The last ones, oldest first. */
  readonly lines: readonly NoticeLine[];
  /** The number of the last one that was read. */
  readonly readUpTo: number;
}

/** How the tail that is shown stands; pushed at most once in 50 ms, and not before the last push was seen. */
export interface ViewPush {
  readonly kind: 'view';
  readonly seq: number;
  /** Changes with the tail, the filter and a clear: what was known of places is no longer so. */
  readonly epoch: number;
  /** Places of the rows: from `low` on, `high` exclusive. They may be negative. */
  readonly low: number;
  readonly high: number;
  /** So many of the first rows are there only because they are held: their places change as messages leave the buffer. */
  readonly aside: number;
  /** Messages that are kept and not cleared, whether the filter lets them through or not. */
  readonly kept: number;
  readonly received: number;
  /** The filter that is applied. */
  readonly filter: string;
  /** Why the filter was given up, if it was. */
  readonly filterProblem: string | undefined;
  /** How much of what is kept the filter has gone through, 0 to 1; undefined when it is done. */
  readonly progress: number | undefined;
  readonly mode: string;
  readonly status: 'starting' | 'running' | 'paused' | 'interrupted' | 'stopping' | 'ended';
  /** Why it is interrupted or has ended; else empty. */
  readonly reason: string;
  /** Where a stream is read: `offsets 1,000–1,099 of 0–48,211`. */
  readonly place: string | undefined;
  readonly held: number;
  /** Messages per second. */
  readonly rate: number;
  /** Rows at the end, when they are followed. */
  readonly rows: { readonly from: number; readonly rows: readonly Row[] } | undefined;
  /** States of rows in view that have changed. */
  readonly changed: readonly (readonly [number: number, state: RowState])[];
  /** The message to select, after a step. */
  readonly select: number | undefined;
}

/** Where in the columns of a detail something stands. */
export const bodyForms = ['pretty', 'raw', 'hex'] as const;
export type BodyForm = (typeof bodyForms)[number];

/** Commands behind buttons. */
export const buttons = ['tailQueue', 'addConnection', 'resume', 'again'] as const;
export type Button = (typeof buttons)[number];

/** A selection may have so many parts. */
const mostIntervals = 20_000;

const nothing = object({});

/** What the webview may ask for. */
export const requestShapes = {
  chooseTail: object({ tail: text(100) }),
  /** The rows in view, and whether the end is followed: then rows there are pushed. */
  rows: object({ epoch: integer, from: integer, to: integer, follow: boolean }),
  filter: object({ text: text(2_000) }),
  select: object({ intervals: list(pair(integer, integer), mostIntervals) }),
  /** Of the selection. */
  settle: object({ settlement: oneOf(...settlements) }),
  /** Acks the message, or the oldest held one, and selects the next held one. */
  step: object({ number: optional(integer) }),
  /** Where a message's row is, when it has one. */
  find: object({ number: integer }),
  detail: object({ number: integer }),
  body: object({ number: integer, form: oneOf(...bodyForms) }),
  copy: object({
    number: integer,
    what: oneOf('body', 'routingKey', 'exchange', 'header', 'message'),
    /** Names of tables and lists from the outside in, for a header. */
    path: optional(list(text(300), 32)),
  }),
  /** In an editor. */
  open: object({ number: integer }),
  /** Notices up to this one were seen in the list of them. */
  readNotices: object({ upTo: integer }),
  remember: object({ layout: text(4_000) }),
  press: object({ button: oneOf(...buttons) }),
} satisfies Readonly<Record<string, Shape<object>>>;

export type RequestName = keyof typeof requestShapes;

/** What is asked whichever tail is shown. */
export const aboutNoTail: readonly RequestName[] = ['chooseTail', 'remember'];

export type RequestArgs<N extends RequestName> = Shaped<(typeof requestShapes)[N]>;

/** What answers each request. */
export interface Replies {
  readonly chooseTail: undefined;
  /** Undefined when the epoch is over. */
  readonly rows: { readonly epoch: number; readonly from: number; readonly rows: readonly Row[] } | undefined;
  /** Why it is no filter, and at which character. */
  readonly filter: { readonly error: string | undefined };
  readonly select: { readonly count: number; readonly held: number };
  readonly settle: { readonly settled: number };
  readonly step: { readonly settled: number };
  readonly find: { readonly place: number | undefined };
  readonly detail: MessageDetail | undefined;
  readonly body: BodyText | undefined;
  readonly copy: undefined;
  readonly open: undefined;
  readonly readNotices: undefined;
  readonly remember: undefined;
  readonly press: undefined;
}

/** A body, or the start of it, to show. */
export interface BodyText {
  readonly text: string;
  /** What is not in the text, as people read it; empty when all of it is. */
  readonly omitted: string;
  /** What kind of text it is: `JSON`, `text`, `bytes`. */
  readonly kind: string;
}

/** Everything that comes from the webview. */
export type FromWebview =
  | { readonly kind: 'ready' }
  | { readonly kind: 'seen'; readonly seq: number }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly name: RequestName;
      readonly args: unknown;
      /** The tail that the webview showed when it asked: numbers and places mean something only there. */
      readonly about?: string | undefined;
    };

export type Reply =
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly error: string };

/** Everything that comes from the host. */
export type FromHost = TailsPush | ViewPush | NoticesPush | Reply;

const ready = object({ kind: oneOf('ready') });
const seen = object({ kind: oneOf('seen'), seq: integer });
const names = Object.keys(requestShapes) as RequestName[];
const request = object({
  kind: oneOf('request'),
  id: integer,
  name: oneOf(...names),
  args: nothing,
  about: optional(text(100)),
});

/** What the webview sent, if it is anything that was agreed on; arguments of a request are checked by its own shape. */
export function fromWebview(value: unknown): FromWebview | undefined {
  return ready(value) || seen(value) || request(value) ? value : undefined;
}

const fromHostKinds = object({ kind: oneOf('tails', 'view', 'notices', 'reply') });

/** What the host sent: VS Code itself and its loader post messages to the same window. */
export function fromHost(value: unknown): FromHost | undefined {
  return fromHostKinds(value) ? (value as FromHost) : undefined;
}
