import { randomBytes } from 'node:crypto';

/** A secret with a name to tell it by in a report, which must not spread it either. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A place where a secret was found. */
export interface Leak {
  readonly secret: string;
  /** How it was written there: `plain`, `base64`, … */
  readonly form: string;
}

/** In characters; a shorter one is found in other words too. */
const shortest = 6;

/**
 * A password like no other text, with characters that URLs, JSON and HTML write in ways of their own. To be searched for whole,
 * and by its core, which no escape changes: whatever was done to it before it was written in base64, say, that is found.
 */
export function distinctiveSecret(name: string): { readonly value: string; readonly searched: readonly Secret[] } {
  const core = randomBytes(8).toString('hex');
  const value = `S3c/${core} ü%@"<`;
  return {
    value,
    searched: [
      { name, value },
      { name, value: core },
    ],
  };
}

interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Looks for secrets in texts and files, in the forms in which programs write them: as it is, percent-encoded (in capitals
 * or not, in full or only where an URL needs it), escaped once or twice as JSON does, in base64 at each of its three
 * alignments (HTTP's and SASL's logins) and as UTF-16. What is encrypted or compressed is not found.
 */
export class SecretSearch {
  readonly #forms: readonly { readonly secret: string; readonly form: Form }[];

  /** @throws for a secret that is too short to be told from other text */
  constructor(secrets: readonly Secret[]) {
    this.#forms = secrets.flatMap(({ name, value }) => {
      if (value.length < shortest) throw new Error(`The secret ${name} is too short to be searched for.`);
      return formsOf(value).map((form) => ({ secret: name, form }));
    });
  }

  /** The secrets that are in there, each named once a form. */
  in(content: string | Uint8Array): Leak[] {
    const bytes =
      typeof content === 'string'
        ? Buffer.from(content)
        : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return this.#forms
      .filter(({ form }) => bytes.includes(form.bytes))
      .map(({ secret, form }) => ({ secret, form: form.name }));
  }
}

function formsOf(value: string): Form[] {
  const json = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(json).slice(1, -1);
  const percent = encodeURIComponent(value);
  const forms: [string, string][] = [
    ['plain', value],
    ['JSON', json],
    ['JSON in JSON', twice],
    ['JSON of ASCII', ascii(value)],
    ['percent-encoded', percent],
    ['percent-encoded', percent.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase())],
    ['percent-encoded', new URL(`http://h/?${percent}`).search.slice(1)],
    ['URL path', new URL(`http://h/${encodeURI(value)}`).pathname.slice(1)],
    ['URL login', urlLogin(value)],
    ['form-encoded', new URLSearchParams([['', value]]).toString().slice(1)],
    ['HTML', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    ...base64(value).map((text): [string, string] => ['base64', text]),
    ...base64(value).map((text): [string, string] => ['base64url', text.replaceAll('+', '-').replaceAll('/', '_')]),
    ['hex', Buffer.from(value).toString('hex')],
  ];
  const known = new Set<string>();
  const distinct = forms.filter(([, text]) => text !== '' && !known.has(text) && known.add(text));
  const all = distinct.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
  return [...all, { name: 'UTF-16', bytes: Buffer.from(value, 'utf16le') }];
}

/** As a URL's user or password, as the URL class writes it. */
function urlLogin(value: string): string {
  const url = new URL('http://h/');
  url.password = value;
  return url.password;
}

/** With every character beyond ASCII escaped, as Python's json writes it. */
function ascii(value: string): string {
  const json = JSON.stringify(value).slice(1, -1);
  return json.replaceAll(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The characters that base64 has for it whatever stands before and after: those in between belong to neighbours too. */
function base64(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const whole = (before + bytes.length) % 3 === 0;
    return text.slice(before === 0 ? 0 : before + 1, whole ? text.length : -1);
  });
}

/** A text of everything that an error tells, and its causes: message, stack, and every property. */
export function everythingOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 8) return String(error);
  const parts: string[] = [];
  for (const key of Reflect.ownKeys(error)) {
    const value: unknown = Reflect.get(error, key);
    const text = everythingOf(value, depth + 1);
    parts.push(`${String(key)}: ${text}`);
  }
  if (error instanceof Error) parts.push(error.message, error.stack ?? '', everythingOf(error.cause, depth + 1));
  return parts.join('\n');
}
