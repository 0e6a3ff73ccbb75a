import type { JSX } from 'preact';
import type { Death } from '../../protocol/detail.ts';

const words: Readonly<Record<string, string>> = {
  rejected: 'Rejected',
  expired: 'Expired',
  maxlen: 'Pushed out: the queue was full',
  delivery_limit: 'Returned too often (delivery limit)',
};

/** Where a message was dead-lettered on its way here, the first time first. */
export function DeathHistory({ deaths }: { readonly deaths: readonly Death[] }): JSX.Element {
  return (
    <ol class="deaths">
      {deaths.map((death) => (
        <li key={`${death.queue} ${death.reason}`}>
          <strong>
            {words[death.reason] ?? death.reason} in {death.queue}
          </strong>
          {death.count === 'once' ? '' : `, ${death.count}`}
          <div class="note">
            {routeOf(death)}
            {death.time !== '' && ` · first at ${death.time}`}
            {death.more !== '' && ` · ${death.more}`}
          </div>
        </li>
      ))}
    </ol>
  );
}

function routeOf({ exchange, keys }: Death): string {
  if (exchange === '') return '';
  return keys === '' ? `published to ${exchange}` : `published to ${exchange} with key ${keys}`;
}
