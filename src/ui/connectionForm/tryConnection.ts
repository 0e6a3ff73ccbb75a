import { BrokerConnection } from '../../broker/connection/connection.ts';
import type { ConnectionSecrets, ConnectionTarget } from '../../broker/profile.ts';
import { systemClock } from '../../common/clock.ts';

/**
 * Connects once and closes again, on a connection of its own.
 * @throws AppError why it cannot be reached; `cancelled` when the signal was aborted
 */
export async function tryConnection(
  target: ConnectionTarget,
  secrets: ConnectionSecrets,
  signal: AbortSignal,
): Promise<void> {
  const connection = new BrokerConnection(target, () => Promise.resolve(secrets), 'test', systemClock);
  const close = (): void => void connection.close();
  signal.addEventListener('abort', close);
  try {
    await connection.connect();
  } finally {
    signal.removeEventListener('abort', close);
    // After a failure that may pass it would go on trying.
    await connection.close();
  }
}
