import { parseAmqpUri } from '../../broker/amqpUri.ts';
import { readEntry, type ConnectionEntry } from '../../broker/connectionEntry.ts';
import { AppError, toAppError } from '../../common/errors.ts';

/** What a link asks to add. */
export interface LinkedConnection {
  readonly entry: ConnectionEntry;
  /** Empty: the link has none. Never to be shown. */
  readonly password: string;
}

/** Longer than any link that a person made. */
const longest = 8_192;

/**
 * Reads `vscode://warren-rabbitmq.warren/add?uri=…&name=…`.
 * @param link its path and query, as VS Code gives them: decoded once, so that the AMQP URI in it is as it was written
 * @throws AppError `invalidInput` with field `link`; its reason repeats nothing that could be a secret
 */
export function parseAddLink({ path, query }: { readonly path: string; readonly query: string }): LinkedConnection {
  if (path !== '/add') throw refused('asks for something that Warren does not do: only /add is known');
  if (query.length > longest) throw refused('is too long');
  const { uri, name } = parameters(query);
  if (uri === undefined) throw refused('has no AMQP URI: it must be like /add?uri=amqps%3A%2F%2Fuser%40host%2Fvhost');
  if (name !== undefined && /[\p{Cc}\p{Cs}\p{Bidi_C}\p{Zl}\p{Zp}]/u.test(name)) {
    throw refused('has a name with characters that cannot be seen');
  }
  try {
    const { target, password } = parseAmqpUri(uri);
    const { username, ...others } = target;
    // As strictly as what stands in settings: a link may come from anywhere. A certificate logs in as no user.
    const entry = readEntry({
      ...others,
      ...(username !== '' && { username }),
      ...(name !== undefined && name.trim() !== '' && { name }),
    });
    if (filesOf(entry).some((file) => /^[\\/]{2}/.test(file))) {
      throw refused('names a file on another machine, which would see the login of this one');
    }
    return { entry, password };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.is('invalidUri') || failure.is('invalidInput')) {
      throw refused(`cannot be used: ${failure.params.reason}`);
    }
    throw failure;
  }
}

/** What becomes of the password, as a sentence; nothing where there is none. */
export function passwordSentence({ entry, password }: LinkedConnection): string {
  if (entry.authentication === 'external') return '';
  if (password === '') return 'Its password is asked for when it connects.';
  // Also where the link has no login at all.
  if (entry.username === 'guest' && password === 'guest') return 'It uses the password that user guest usually has.';
  return 'The password in the link is kept in secret storage.';
}

/** As they are written: a path that begins with two slashes is one of a network share. */
function filesOf({ tlsOptions = {} }: ConnectionEntry): readonly string[] {
  const { caFiles = [], certFile, keyFile, pfxFile } = tlsOptions;
  return [...caFiles, ...[certFile, keyFile, pfxFile].filter((file) => file !== undefined)];
}

/** An AMQP URI may have a `&` of its own: only one that a parameter of ours follows separates. */
function parameters(query: string): { uri?: string; name?: string } {
  const known: { uri?: string; name?: string } = {};
  for (const part of query.split(/&(?=(?:uri|name)=)/)) {
    const [, key, value] = /^(uri|name)=([\s\S]*)$/.exec(part) ?? [];
    if (key === undefined || value === undefined) throw refused('has a parameter beside uri and name');
    if (key === 'uri') {
      if (known.uri !== undefined) throw refused('has more than one uri');
      known.uri = value;
    } else {
      if (known.name !== undefined) throw refused('has more than one name');
      // As forms encode a space.
      known.name = value.replaceAll('+', ' ');
    }
  }
  return known;
}

function refused(reason: string): AppError {
  return new AppError('invalidInput', { field: 'link', reason });
}
