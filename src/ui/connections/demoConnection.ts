import { parseAmqpUri } from '../../broker/amqpUri.ts';
import type { Session } from '../../broker/session.ts';
import type { Connections } from './connections.ts';

/**
 * Connects to the broker that `npm start` names in the environment, for this window only, and shows it: nothing is saved.
 * @throws AppError `invalidUri`, or why the connection failed
 */
export async function connectFromEnvironment(
  connections: Connections,
  environment: NodeJS.ProcessEnv,
  reveal: (session: Session) => Promise<void>,
): Promise<void> {
  const { WARREN_CONNECT: uri, WARREN_CONNECT_MANAGEMENT: managementUrl } = environment;
  if (uri === undefined || uri === '') return;
  const { target, password } = parseAmqpUri(uri);
  const profile = { ...target, name: 'demo', ...(managementUrl && { managementUrl }) };
  const session = connections.addTransient(profile, { password });
  await session.connect();
  await reveal(session);
}
