import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

const loopback = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Looks host names up as the system does, but `localhost` is both loopback addresses: a hosts file that lists only one of
 * them (containers often do) would hide a broker that listens on the other. To be used with `autoSelectFamily`.
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export const lookupLocalhost: LookupFunction = (hostname, options, callback) => {
  if (hostname.toLowerCase() === 'localhost' && options.all === true) process.nextTick(callback, null, loopback);
  else systemLookup(hostname, options, callback);
};
