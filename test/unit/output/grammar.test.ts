import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { formatHeaderLine, formatMessage, formatNotice, formatSkipped } from '../../../src/ui/output/format.ts';
import { plainBodies } from '../../support/bodies.ts';

interface Rule {
  readonly match?: string;
  readonly begin?: string;
  readonly while?: string;
  readonly name?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly patterns?: readonly Rule[];
}

interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

function readMedia(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../media/${name}`, import.meta.url), 'utf8'));
}

const grammar = readMedia('warren-tail.tmLanguage.json') as Grammar;

function resolve(rule: Rule): Rule {
  if (rule.include === undefined) return rule;
  const named = grammar.repository[rule.include.slice(1)];
  assert.ok(named, `${rule.include} is in the repository`);
  return named;
}

/**
 * Which text of a line gets which scope, for a grammar as plain as ours: the first top-level rule that matches, one level of
 * patterns in it. Its expressions mean the same to JavaScript as to Oniguruma.
 */
function scopesOf(line: string): [text: string, scope: string][] {
  for (const rule of grammar.patterns.map(resolve)) {
    const found = new RegExp(rule.match ?? rule.begin ?? '', 'd').exec(line);
    if (found === null) continue;
    const scopes: [string, string][] =
      rule.name !== undefined && rule.match !== undefined ? [[found[0], rule.name]] : [];
    for (const [group, capture] of Object.entries(rule.captures ?? {})) {
      const text = found[Number(group)] ?? '';
      if (capture.name !== undefined) scopes.push([text, capture.name]);
      const at = found.indices?.[Number(group)]?.[0] ?? 0;
      for (const inner of (capture.patterns ?? []).map(resolve)) scopes.push(...scopesWithin(inner, line, at));
    }
    for (const inner of rule.begin === undefined ? [] : (rule.patterns ?? []).map(resolve)) {
      scopes.push(...scopesWithin(inner, line, found[0].length));
    }
    return scopes;
  }
  return [];
}

function scopesWithin(rule: Rule, line: string, from: number): [string, string][] {
  if (rule.match === undefined)
    return (rule.patterns ?? []).flatMap((inner) => scopesWithin(resolve(inner), line, from));
  const scopes: [string, string][] = [];
  for (const found of line.matchAll(new RegExp(rule.match, 'g'))) {
    if (found.index < from) continue;
    if (rule.name !== undefined) scopes.push([found[0], rule.name]);
    for (const [group, capture] of Object.entries(rule.captures ?? {})) {
      const text = found[Number(group)];
      if (text !== undefined && capture.name !== undefined) scopes.push([text, capture.name]);
    }
  }
  return scopes;
}

function scopeOf(line: string, text: string): string {
  return scopesOf(line).find(([found]) => found === text)?.[1] ?? 'none';
}

const base = {
  number: 12,
  receivedAt: 0,
  exchange: 'orders.events',
  routingKey: 'order.created',
  redelivered: true,
  properties: { contentType: 'application/json', deliveryMode: 2, priority: 5 },
  content: new TextEncoder().encode('{"id":-7.5,"ok":true,"name":"a\\"b: c"}'),
};
const header = formatHeaderLine(base).trimEnd();

describe('the grammar of a tail', () => {
  it('colours the parts of a header line apart', () => {
    assert.match(scopeOf(header, '#12'), /^constant\.numeric/);
    assert.match(scopeOf(header, 'orders.events'), /^entity\.name\.type/);
    assert.match(scopeOf(header, 'order.created'), /^entity\.name\.function/);
    assert.match(scopeOf(header, 'persistent'), /^constant\.language/);
    assert.match(scopeOf(header, '5'), /^constant\.numeric/);
    assert.match(scopeOf(header, '38'), /size/);
    assert.match(scopeOf(header, 'redelivered'), /^markup\.bold.* keyword\.control/);
  });

  it('knows the header line of every message and where its names end', () => {
    const name = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(name, name, fc.string(), (exchange, routingKey, contentType) => {
        const line = formatHeaderLine({ ...base, exchange, routingKey, properties: { contentType } }).slice(0, -1);
        const scopes = scopesOf(line).map(([, scope]) => scope.split('.').at(-2));
        assert.deepEqual(scopes.slice(0, 5), ['number', 'time', 'exchange', 'route', 'routing-key'], line);
        assert.equal(scopes.at(-1), 'size', line);
        assert.equal(scopes.includes('redelivered'), true);
      }),
      { seed: 20266 },
    );
  });

  it('colours lines about the tail, and the link that opens a body', () => {
    assert.match(scopeOf(formatNotice(0, 'Connection lost').trimEnd(), 'Connection lost'), /^entity\.name\.type/);
    assert.match(scopesOf(formatSkipped(2, 10, 1, 2).trimEnd())[0]?.[1] ?? '', /skipped/);
    const cut =
      formatMessage({ ...base, content: Buffer.alloc(9, 'x') }, { maxBodyBytes: 4, bodies: plainBodies })
        .split('\n')
        .at(-2) ?? '';
    assert.match(scopeOf(cut, 'open the whole body'), /^markup\.underline\.link/);
  });

  it('colours JSON line by line, so that a cut body cannot colour the next message', () => {
    const lines = formatMessage(base, { maxBodyBytes: 4096, bodies: plainBodies }).split('\n');
    const body = grammar.repository['json-body'];
    assert.ok(new RegExp(body?.begin ?? '').test(lines[1] ?? ''));
    assert.ok(!new RegExp(body?.while ?? '').test(header), 'a header line ends a body');
    const inBody = (line: string): [string, string][] =>
      (body?.patterns ?? []).flatMap((rule) => scopesWithin(resolve(rule), line, 5));
    const coloured = inBody(lines[1] ?? '').map(([text, scope]) => `${text} ${scope}`);
    for (const wanted of [
      '-7.5 constant.numeric.json',
      '"id" support.type.property-name.json',
      'true constant.language.json',
    ]) {
      assert.ok(coloured.includes(wanted), wanted);
    }
    for (const rule of grammar.repository['json']?.patterns ?? []) assert.equal(rule.begin, undefined);
  });

  it('tells a hex dump, properties and headers apart', () => {
    const hex =
      formatMessage(
        { ...base, properties: {}, content: Uint8Array.of(255, 0x41, 0x7c) },
        { maxBodyBytes: 99, bodies: plainBodies },
      ).split('\n')[1] ?? '';
    assert.match(scopeOf(hex, '00000000'), /offset/);
    assert.match(scopeOf(hex, '|.A||'), /ascii/);
    const text = formatMessage(
      { ...base, properties: { messageId: 'm', headers: { 'x-tenant': 'acme' } } },
      { maxBodyBytes: 99, bodies: plainBodies },
    );
    const [, properties = '', table = ''] = text.split('\n');
    assert.match(scopeOf(properties, properties), /^comment/);
    assert.match(scopeOf(table, 'x-tenant'), /header/);
  });

  it('has no rule that is unused or missing, and expressions that compile', () => {
    const text = JSON.stringify(grammar);
    for (const name of Object.keys(grammar.repository)) assert.ok(text.includes(`"#${name}"`), name);
    for (const rule of Object.values(grammar.repository)) {
      for (const expression of [rule.match, rule.begin, rule.while]) assert.ok(new RegExp(expression ?? ''));
    }
  });

  it('goes with a language whose brackets are left alone', () => {
    const language = readMedia('warren-tail.language-configuration.json') as { brackets: unknown; folding: unknown };
    assert.deepEqual([language.brackets, language.folding], [[], { offSide: true }]);
  });
});
