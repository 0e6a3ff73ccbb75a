import type { Clock } from '../../common/clock.ts';
import type { QueueAdmin } from '../admin.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import type { ServerInfo } from '../connection/state.ts';
import type { ManagementClient } from '../management/client.ts';
import type { ConnectionProfile } from '../profile.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Tail } from './tail.ts';

/** What a session gives to the tails that it has. */
export interface TailParts {
  readonly profile: ConnectionProfile;
  /** The connection that tails share. */
  readonly consuming: BrokerConnection;
  /**
   * A connection for one tail alone, where a mistake ends the connection; that tail closes it when it ends.
   * @param purpose what it is for, as the broker lists it
   */
  ownConnection(purpose: string): BrokerConnection;
  readonly admin: QueueAdmin;
  readonly publisher: Publisher;
  /** Undefined where there is no management API. */
  management(): ManagementClient | undefined;
  /** Who answers; undefined while there is no connection. */
  server(): ServerInfo | undefined;
  readonly clock: Clock;
}

/** Makes a tail that has not started. */
export type TailFactory = (parts: TailParts) => Tail;
