import type { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import type { PublishOutcome } from '../../../src/broker/publish/publisher.ts';
import { waitFor } from '../../support/waitFor.ts';

/**
 * Publishes until the connection is blocked over it: the broker blocks a connection at its first publish after the alarm,
 * and one that was quicker than the alarm is confirmed. @returns the outcome of the one that is held up
 */
export async function heldUp(
  connection: BrokerConnection,
  publish: () => Promise<PublishOutcome>,
): Promise<{ outcome: Promise<PublishOutcome> }> {
  for (;;) {
    let confirmed = false;
    const outcome = publish();
    const seen = outcome.then(() => (confirmed = true));
    await waitFor(() => confirmed || connection.state.kind === 'blocked', { describe: 'an outcome, or blocked' });
    if (!confirmed) return { outcome };
    await seen;
  }
}
