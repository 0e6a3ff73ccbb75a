import type { SecretsSource } from '../connection/connection.ts';
import type { ConnectionTarget } from '../profile.ts';
import { managementAccess } from './access.ts';
import type { ManagementClient } from './client.ts';
import type { Identity } from './model.ts';
import { candidateUrls, probeManagement } from './probe.ts';

/** Users with these tags see all vhosts, others those that they may use. @see https://www.rabbitmq.com/docs/management#permissions */
const seesAll = ['administrator', 'monitoring'];

/** Why a broker refuses a vhost: it is missing, the user may not use it, or something else is in the way. */
export type VhostRefusal = 'vhostNotFound' | 'vhostForbidden' | 'vhostRefused';

/**
 * Why the broker refuses a vhost, by what its management API tells. Undefined where it does not tell. Asks only the API that
 * the profile names or the one on the port that goes with its AMQP port: that of another broker on the same host would tell
 * something else. Never throws.
 * @param signal gives it up
 */
export async function explainVhost(
  target: ConnectionTarget,
  secrets: SecretsSource,
  signal: AbortSignal,
): Promise<VhostRefusal | undefined> {
  try {
    const { password, tls } = await managementAccess(target, await secrets());
    if (password === undefined) return undefined;
    const candidates = candidateUrls(target).slice(0, 1);
    const management = await probeManagement(target, password, { tls, signal, candidates });
    if (management.kind !== 'available') return undefined;
    const { client, user } = management;
    try {
      return await explain(client, user, target, signal);
    } finally {
      client.dispose();
    }
  } catch {
    // The secret storage or the API failed: nothing is known then.
    return undefined;
  }
}

async function explain(
  client: ManagementClient,
  user: Identity,
  { vhost, username }: ConnectionTarget,
  signal: AbortSignal,
): Promise<VhostRefusal | undefined> {
  const isListed = (await client.vhostNames({ signal })).includes(vhost);
  const { name, tags } = user;
  if (!tags.some((tag) => seesAll.includes(tag))) {
    // What another user may use says nothing of this one.
    return isListed && name === username ? 'vhostRefused' : undefined;
  }
  if (!isListed) return 'vhostNotFound';
  if (!tags.includes('administrator')) return undefined;
  const isAllowed = await client.hasPermissions(vhost, username, { signal });
  return isAllowed ? 'vhostRefused' : 'vhostForbidden';
}
