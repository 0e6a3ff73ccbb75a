import { AppError } from '../../../common/errors.ts';
import type { ManagementClient } from '../../management/client.ts';
import type { BufferLimits } from '../messageBuffer.ts';
import type { TailFactory, TailParts } from '../tailFactory.ts';
import { ExchangeFeed } from './exchangeFeed.ts';
import type { Wanted } from './exchangePlan.ts';
import type { FirehoseNote } from './firehose.ts';
import { FirehoseFeed, type FirehoseScope } from './firehoseFeed.ts';
import { QueueFeed } from './queueFeed.ts';
import { Tap } from './tap.ts';

interface QueueTapOptions {
  readonly queue: string;
  readonly buffer: BufferLimits;
  /** To have what no copy of a binding brings too; a person has agreed to it. */
  readonly firehose?: { readonly scope: FirehoseScope; readonly note: FirehoseNote } | undefined;
}

/** Taps a queue: copies of its bindings, and what the firehose tells beside them. */
export function queueTap({ queue, buffer, firehose }: QueueTapOptions): TailFactory {
  return (parts) => {
    const { vhost } = parts.profile;
    const client = (): ManagementClient => clientOf(parts);
    const copies = new QueueFeed(vhost, queue, client, firehose !== undefined);
    const feeds = firehose ? [copies, new FirehoseFeed({ vhost, queue, client, ...firehose })] : [copies];
    return new Tap({ source: { kind: 'queue', name: queue }, buffer, feeds, firehose: firehose?.scope }, parts);
  };
}

interface ExchangeTapOptions {
  readonly exchange: string;
  readonly wanted: Wanted;
  /** As people read what it is bound by. */
  readonly label: string;
  readonly buffer: BufferLimits;
  /** A person agreed that publishers may not be told of what no queue takes. */
  readonly isAgreed: boolean;
}

/** Taps what an exchange routes by a key or pattern. */
export function exchangeTap({ exchange, wanted, label, buffer, isAgreed }: ExchangeTapOptions): TailFactory {
  return (parts) => {
    const { vhost } = parts.profile;
    const feed = new ExchangeFeed({ vhost, exchange, wanted, isAgreed, client: () => parts.management() });
    return new Tap({ source: { kind: 'exchange', name: exchange, routingKey: label }, buffer, feeds: [feed] }, parts);
  };
}

/** It may be away for the moment. @throws AppError `managementUnreachable` */
function clientOf(parts: TailParts): ManagementClient {
  const client = parts.management();
  if (client) return client;
  throw new AppError('managementUnreachable', { url: parts.profile.managementUrl ?? '', reason: 'it was not found' });
}
