import { parseAmqpUri } from '../../broker/amqpUri.ts';
import { valuesOfUri } from '../connectionForm/values.ts';
import type { Found } from './offer.ts';

/** More variables in one file than anybody has. */
const mostVariables = 2_000;

/** An assignment, `export` in front or not. */
const assignment = /^(?:export\s+)?([A-Za-z_][\w.]*)\s*=(.*)$/;

/** The variables of an `.env` file; a later one of the same name counts. What is no assignment is passed over. */
export function parseEnvFile(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (variables.size === mostVariables) break;
    const [, name, rest] = assignment.exec(line.trim()) ?? [];
    if (name !== undefined && rest !== undefined) variables.set(name, readValue(rest.trim()));
  }
  return variables;
}

/** The connections in an `.env` file: every variable whose value is an AMQP URI, but those that refer to other variables. */
export function connectionsInEnvFile(text: string): Found[] {
  return [...parseEnvFile(text)].flatMap(([what, value]) => {
    if (!/^amqps?:\/\//i.test(value) || refersToVariable(value) || !isUsable(value)) return [];
    return [{ what, values: valuesOfUri(value) }];
  });
}

/** Quoted, or up to a comment. Values of several lines are not supported: no connection needs them. */
function readValue(text: string): string {
  const [quote] = text;
  if (quote === '"' || quote === "'") {
    const end = closingQuote(text, quote);
    if (end > 0 && /^\s*(#|$)/.test(text.slice(end + 1))) {
      const inner = text.slice(1, end);
      return quote === '"' ? unescape(inner) : inner;
    }
  }
  const comment = text.startsWith('#') ? 0 : text.search(/\s#/);
  return comment < 0 ? text : text.slice(0, comment).trimEnd();
}

/** Where the text that begins with a quote ends it; -1 when it does not. */
function closingQuote(text: string, quote: string): number {
  for (let at = 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c === 't' ? '\t' : c));
}

function refersToVariable(value: string): boolean {
  return /\$\{|\$\(|\$[A-Za-z_]/.test(value);
}

function isUsable(uri: string): boolean {
  try {
    parseAmqpUri(uri);
    return true;
  } catch {
    return false;
  }
}
