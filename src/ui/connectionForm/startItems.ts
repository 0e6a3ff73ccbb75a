import { describeTarget, formatHostPort, parseAmqpUri } from '../../broker/amqpUri.ts';
import { usualPort, type HostPort } from '../../broker/profile.ts';
import { visibleLine } from '../../common/visibleText.ts';
import type { Offer } from '../discovery/offer.ts';
import { plainLabel } from '../plainLabel.ts';
import type { LocalBroker } from './findLocalBroker.ts';
import { localhostNote } from './formSteps.ts';
import { checkUri, looksLikeUri } from './validate.ts';
import { targetOf, type FormValues } from './values.ts';

/** How a connection is going to be added. */
export type Start =
  | { readonly kind: 'local'; readonly port: number }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'paste' }
  /** With the host that was typed, if one was. */
  | { readonly kind: 'steps'; readonly host?: HostPort }
  | { readonly kind: 'offer'; readonly values: FormValues }
  | { readonly kind: 'resume'; readonly values: FormValues };

/** A line of the first question. */
export interface StartItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Shown whatever is typed. */
  readonly alwaysShow?: true;
  /** Undefined: it only tells. */
  readonly start: Start | undefined;
}

export interface StartFacts {
  /** What is typed so far. */
  readonly text: string;
  readonly found: LocalBroker | undefined;
  /** From files of the workspace. */
  readonly offers: readonly Offer[];
  /** Values whose test failed, and which were neither saved nor edited since. */
  readonly unsaved: { readonly name: string; readonly values: FormValues } | undefined;
  readonly remoteName: string | undefined;
}

/** The answers to "how?", the likeliest first; a URI that is being typed is the only one. */
export function startItems({ text, found, offers, unsaved, remoteName }: StartFacts): readonly StartItem[] {
  if (looksLikeUri(text)) return [uriItem(text)];
  const items: StartItem[] = [
    ...offers.map(offerItem),
    { label: 'Paste an AMQP URI…', description: 'amqp:// or amqps://', start: { kind: 'paste' } },
    { label: 'Enter step by step…', description: 'host, TLS, port, virtual host, user', start: { kind: 'steps' } },
  ];
  if (unsaved) {
    const { name, values } = unsaved;
    items.unshift({ label: `Go on with ${name}…`, description: 'not saved yet', start: { kind: 'resume', values } });
  }
  if (found) {
    const note = localhostNote(remoteName);
    items.unshift({
      label: 'localhost',
      description: `${found.product} found listening on ${found.port}`,
      ...(note === '' ? {} : { detail: note }),
      start: { kind: 'local', port: found.port },
    });
  }
  const host = typedHost(text);
  if (host) {
    const label = `Connect to ${plainLabel(formatHostPort(host))}…`;
    items.push({ label, description: 'step by step', alwaysShow: true, start: { kind: 'steps', host } });
  }
  return items;
}

/** A host and perhaps a port, as in `rabbit.example:5673`: a name with a dot or a port, for a bare word filters the list. */
function typedHost(text: string): HostPort | undefined {
  const found = /^\s*(?<host>localhost|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:\d))(?::(?<port>\d{1,5}))?\s*$/.exec(text)?.groups;
  const port = Number(found?.['port'] ?? usualPort(false));
  return found?.['host'] === undefined || port < 1 || port > 65_535 ? undefined : { host: found['host'], port };
}

function offerItem({ source, values }: Offer): StartItem {
  const start = { kind: 'offer', values } as const;
  return { label: plainLabel(describeTarget(targetOf(values))), description: visibleLine(source, 120), start };
}

function uriItem(uri: string): StartItem {
  const problem = checkUri(uri);
  if (typeof problem === 'string') return { label: `$(error) ${problem}`, alwaysShow: true, start: undefined };
  const { target } = parseAmqpUri(uri);
  return { label: `Connect to ${describeTarget(target)}`, alwaysShow: true, start: { kind: 'uri', uri } };
}
