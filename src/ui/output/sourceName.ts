import type { TailSource } from '../../broker/consume/tail.ts';

/** As people read it: the queue's name, or `exchange > key`. It may have characters that cannot be seen. */
export function sourceName(source: TailSource): string {
  if (source.kind === 'queue') return source.name;
  return source.routingKey === '' ? source.name : `${source.name} > ${source.routingKey}`;
}
