import type { Body, Field, Message, Target, Template, Variable } from './model.ts';
import { printBodyText } from './body.ts';
import { printFieldValue } from './printFieldValue.ts';
import { looksLikeBareHeader, printName, printText } from './names.ts';
import { printQuoted } from './quoted.ts';
import { literal, printTemplate } from './template.ts';

/** Base64 is wrapped after so many characters, as in MIME (RFC 2045 section 6.8). */
const base64Columns = 76;

/** A message file that is read as these variables and messages. */
export function printMessageFile({
  variables = [],
  messages,
}: {
  readonly variables?: readonly Variable[];
  readonly messages: readonly Message[];
}): string {
  const head = variables.map(printVariable).join('');
  const blocks = messages.map(
    (message, i) => (i > 0 || needsSeparator(message) ? separator(message) : '') + printMessage(message),
  );
  return [...(head === '' ? [] : [head]), ...blocks].join('\n');
}

export function printVariable({ name, value }: Variable): string {
  return `@${name} = ${printText(value)}\n`;
}

/** A message without its `###` line. */
function printMessage({ target, fields, body }: Message): string {
  const lines = [...(target ? [printTarget(target)] : []), ...fields.map(printField), ...printBodyForm(body)];
  const text = printBody(body);
  return `${lines.join('\n')}\n${text === '' ? '' : `\n${text}\n`}`;
}

export function printTarget({ exchange, routingKey }: Target): string {
  return exchange.length === 0 ? printName(routingKey) : `${printName(exchange)} > ${printName(routingKey)}`;
}

export function printField(field: Field): string {
  switch (field.kind) {
    case 'connection':
      return `connection: ${printText(field.value)}`;
    case 'property':
      return `${field.name}: ${printText(field.value)}`;
    case 'header':
      return `${printHeaderName(field.name)}: ${printFieldValue(field.value)}`;
  }
}

function printHeaderName(name: string): string {
  return looksLikeBareHeader(name) ? name : printQuoted(literal(name));
}

function needsSeparator({ name }: Message): boolean {
  return name !== undefined && name !== '';
}

function separator({ name = '' }: Message): string {
  return `###${name === '' ? '' : ` ${name.replaceAll(/\s+/g, ' ').trim()}`}\n`;
}

function printBodyForm(body: Body): string[] {
  if (body.kind === 'base64') return ['body: base64'];
  return body.kind === 'text' && body.eol === 'crlf' ? ['body: crlf'] : [];
}

function printBody(body: Body): string {
  switch (body.kind) {
    case 'text':
      return printBodyText(printTemplate(body.text));
    case 'base64':
      return body.content.toString('base64').replaceAll(new RegExp(`.{${base64Columns}}(?=.)`, 'g'), '$&\n');
    case 'file':
      return `<${body.variables ? '@' : ''} ${printPath(body.path)}`;
  }
}

function printPath(path: Template): string {
  return printText(path);
}
