import { hostsOf, type ConnectionSecrets, type ConnectionTarget } from '../profile.ts';
import { readTlsMaterial, type TlsMaterial } from '../tls/material.ts';
import { parseManagementUrl } from './baseUrl.ts';

/** What it takes to ask the management API beside its address and user. */
interface ManagementAccess {
  /** Undefined when none is stored. */
  readonly password: string | undefined;
  /** Undefined where Node's defaults do. */
  readonly tls: TlsMaterial | undefined;
}

/**
 * The password of the API's user and the TLS material of the connection. The server name is only that of the broker's own
 * hosts: behind another address another certificate answers.
 * @throws AppError as `readTlsMaterial`
 */
export async function managementAccess(
  profile: ConnectionTarget,
  secrets: ConnectionSecrets,
): Promise<ManagementAccess> {
  const { password: shared, managementPassword, tlsPassphrase } = secrets;
  const password = profile.managementUsername === undefined ? shared : managementPassword;
  const { managementUrl, tls, tlsOptions } = profile;
  if (!tls && tlsOptions === undefined && !isHttps(managementUrl)) return { password, tls: undefined };
  const { serverName: _, ...others } = tlsOptions ?? {};
  const options = isElsewhere(profile) ? others : tlsOptions;
  return { password, tls: await readTlsMaterial(options, tlsPassphrase) };
}

function isHttps(url: string | undefined): boolean {
  return url !== undefined && /^\s*https:/i.test(url);
}

function isElsewhere(profile: ConnectionTarget): boolean {
  if (profile.managementUrl === undefined) return false;
  try {
    const host = parseManagementUrl(profile.managementUrl).hostname.replace(/^\[|\]$/g, '');
    return !hostsOf(profile).some((each) => each.host.toLowerCase() === host);
  } catch {
    return true;
  }
}
