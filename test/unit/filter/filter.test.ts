import assert from 'node:assert/strict';
import { Filter, parseFilter, type FilterProblem } from '../../../src/broker/filter/filter.ts';
import type { Message } from '../../../src/broker/message/message.ts';
import { messageOf, withBody, withHeaders, withProperties } from './messages.ts';

function filterOf(text: string): Filter {
  const filter = parseFilter(text);
  assert.ok(filter instanceof Filter, `${text}: ${JSON.stringify(filter)}`);
  return filter;
}

function problemOf(text: string): FilterProblem {
  const problem = parseFilter(text);
  assert.ok(!(problem instanceof Filter), text);
  return problem;
}

function found(text: string, ...messages: Message[]): boolean[] {
  return filterOf(text).matchEach(messages);
}

/** A message that counts how often its body is read. */
function readable(routingKey: string): { readonly message: Message; readonly reads: () => number } {
  let count = 0;
  const message: Message = {
    ...messageOf({ routingKey }),
    get content() {
      count++;
      return Buffer.from('{"a":1}');
    },
  };
  return { message, reads: () => count };
}

describe('a filter', () => {
  it('without text lets every message through', () => {
    for (const text of ['', '  \t']) assert.deepEqual(found(text, messageOf()), [true]);
  });

  it('looks for text in every part of a message, whatever its case', () => {
    const all = [
      messageOf({ routingKey: 'a.Needle' }),
      messageOf({ exchange: 'NEEDLE' }),
      withProperties({ appId: 'x-needle' }),
      withHeaders({ 'X-Needle': 1 }),
      withHeaders({ a: [{ b: 'needle' }] }),
      withHeaders({ bytes: Buffer.from('needle') }),
      withBody('a needle!'),
      withBody(Buffer.from('a needle', 'utf16le'), { contentType: 'text/plain; charset=utf-16le' }),
      withBody(Buffer.concat([Buffer.of(0xff, 0, 1), Buffer.from('needle')])),
    ];
    assert.deepEqual(
      found('needle', ...all),
      all.map(() => true),
    );
    assert.deepEqual(
      found('needles', ...all),
      all.map(() => false),
    );
  });

  it('takes what regular expressions mean something by as it is', () => {
    assert.deepEqual(found('a.b*[c]\\d{', withBody('xA.B*[C]\\D{'), withBody('aXbb')), [true, false]);
    assert.deepEqual(found('ÄÖ', withBody('äö')), [true]);
  });

  it('asks for all its terms, and for one side of an OR', () => {
    const [a, b, ab, c] = ['a', 'b', 'a b', 'c'].map((body) => messageOf({ body, routingKey: '1' }));
    const each = [a, b, ab, c] as Message[];
    assert.deepEqual(found('a b', ...each), [false, false, true, false]);
    assert.deepEqual(found('a AND b', ...each), [false, false, true, false]);
    assert.deepEqual(found('a b OR c', ...each), [false, false, true, true]);
    assert.deepEqual(found('a|c', ...each), [true, false, true, true]);
    assert.deepEqual(found('a || c', ...each), [true, false, true, true]);
    assert.deepEqual(found('-(a OR c)', ...each), [false, true, false, false]);
    assert.deepEqual(found('a -b', ...each), [true, false, false, false]);
    assert.deepEqual(found('!-a', ...each), [true, false, true, false]);
  });

  it('takes parentheses, dashes and words within a text for text', () => {
    for (const text of [
      'f(x)',
      'a-b',
      'ORDER',
      'a)',
      '$5',
      '-',
      'a/b',
      "it's",
      '{"a":1}',
      'x=1',
      'http://a?b=c',
      'key',
    ]) {
      assert.deepEqual(found(text, withBody(`. ${text} .`), withBody('nothing')), [true, false], text);
    }
    assert.deepEqual(found('(f(x) OR g(y))', withBody('g(y)')), [true]);
  });

  it('compares texts whole and in their case, unless it is asked whether they contain something', () => {
    const message = withProperties({ type: 'Order v2' });
    for (const [text, yes] of [
      ['type="Order v2"', true],
      ['type="order v2"', false],
      ['type=Order', false],
      ['type~order', true],
      ['type!~order', false],
      ['type~/v\\d$/', true],
      ['type~/V\\d$/', false],
      ['type!=x', true],
      ['TYPE="Order v2"', true],
      ['type == "Order v2"', true],
      ['type =~ /^Order/', true],
      ['type=""', false],
    ] as const)
      assert.deepEqual(found(text, message), [yes], text);
    assert.deepEqual(found('type=""', withProperties({ type: '' }), messageOf()), [true, false]);
  });

  it('compares numbers by value, texts that are numbers too where one asks for their order', () => {
    const number = withHeaders({ n: 7 });
    const text = withHeaders({ n: '7' });
    const none = withHeaders({});
    assert.deepEqual(found('header.n=7.0', number, text, none), [true, false, false]);
    assert.deepEqual(found('header.n=7', number, text, none), [true, true, false]);
    assert.deepEqual(found('header.n>=7', number, text, none), [true, true, false]);
    assert.deepEqual(found('header.n>7', number, text, none), [false, false, false]);
    assert.deepEqual(found('header.n < 1e1', number, text, none), [true, true, false]);
    assert.deepEqual(found('header.n<"8"', number, text, none), [false, true, false]);
    assert.deepEqual(found('header.n!=7', number, text, none), [false, false, true]);
    assert.deepEqual(found('header.n>5', withHeaders({ n: NaN }), withHeaders({ n: 6n })), [false, true]);
  });

  it('knows the types that amqplib has names for', () => {
    const headers = {
      at: { '!': 'timestamp', value: 1_700_000_000 },
      price: { '!': 'decimal', value: { digits: 1250, places: 2 } },
    };
    for (const text of ['header.at>2023-11-14', 'header.at=2023-11-14T22:13:20Z', 'header.at>1600000000'])
      assert.deepEqual(found(text, withHeaders(headers)), [true], text);
    assert.deepEqual(found('header.at<2023-11-14', withHeaders(headers)), [false]);
    assert.deepEqual(found('header.price=12.5', withHeaders(headers)), [true]);
    assert.deepEqual(found('header.price>12.6', withHeaders(headers)), [false]);
  });

  it('finds headers by names with dots, and values within tables and lists', () => {
    const message = withHeaders({ 'a.b': 1, c: { d: [{ e: 'x' }] }, 'x-death': [{ count: 3 }] });
    for (const text of [
      'header.a.b=1',
      'header.c.d[0].e=x',
      'headers.c..e',
      'header["a.b"]',
      'header.x-death[*].count>2',
    ])
      assert.deepEqual(found(text, message), [true], text);
    for (const text of ['header.b', 'header.c.e', 'header.toString', 'header.__proto__', 'header.c.d[1]'])
      assert.deepEqual(found(text, message), [false], text);
  });

  it('finds values in a JSON body by a path', () => {
    const body = JSON.stringify({
      order: { total: 12, id: '7' },
      tags: ['a', 'b c'],
      'odd name': true,
      deep: [[{ x: null }]],
    });
    for (const text of [
      '$.order.total>10',
      '$.order.total=12',
      '$["order"]["total"]<13',
      "$['odd name']=true",
      '$.tags[1]~"b c"',
    ])
      assert.deepEqual(found(text, withBody(body)), [true], text);
    for (const text of ['$.tags[*]=a', '$.tags[-1]="b c"', '$..x=null', '$..[0].x', '$.*.id=7', '$.tags~a', '$'])
      assert.deepEqual(found(text, withBody(body)), [true], text);
    for (const text of ['$.total', '$.tags[2]', '$.tags.length', '$.order.total>12', '$.order.id>7', '$.order="7"'])
      assert.deepEqual(found(text, withBody(body)), [false], text);
    assert.deepEqual(
      found('$', withBody('no JSON'), withBody('{"a":'), withBody('7', { contentType: 'application/json' })),
      [false, false, true],
    );
  });

  it('tells big integers apart that a double cannot', () => {
    const message = withBody(
      '{"id": 1234567890123456789, "f": 0.12345678901234567, "s": "1234567890123456789", "e": 1e400}',
    );
    for (const text of ['$.id=1234567890123456789', '$.s=1234567890123456789', '$.id>1234567890123456788', '$.f<0.2'])
      assert.deepEqual(found(text, message), [true], text);
    for (const text of ['$.id=1234567890123456788', '$.id>1234567890123456789'])
      assert.deepEqual(found(text, message), [false], text);
  });

  it('reads a body only where a term needs it, and once', () => {
    const cheap = readable('orders');
    assert.equal(filterOf('$.a=2 body~x key=other').matches(cheap.message), false);
    assert.equal(filterOf('orders').matches(cheap.message), true);
    assert.equal(cheap.reads(), 0);
    const dear = readable('orders');
    assert.equal(filterOf('$.a=1 body~a "a" -$.b').matches(dear.message), true);
    assert.equal(dear.reads(), 1);
  });

  it('looks in the text that the body is decoded to, where another says so', () => {
    const context = { bodyText: ({ number }: Message) => (number === 1 ? '{"a":1}' : undefined) };
    assert.deepEqual(filterOf('$.a=1').matchEach([messageOf(), messageOf({ number: 2 })], context), [true, false]);
  });

  it('knows no state where nobody tells it one', () => {
    assert.deepEqual(found('state=held', messageOf()), [false]);
    assert.deepEqual(found('state!=held', messageOf()), [true]);
  });

  it('stops a regular expression that takes too long, and gives the filter up at the third message', function () {
    this.timeout(60_000);
    const bad = withBody(`${'a'.repeat(60)}!`);
    const good = withBody('aaa');
    const filter = filterOf('/^(a+)+$/');
    assert.deepEqual(filter.matchEach([good, bad, good]), [true, false, true]);
    assert.equal(filter.slowCount, 1);
    assert.equal(filter.problem, undefined);
    assert.equal(filter.matches(bad), false);
    assert.deepEqual(filter.matchEach([good, bad, good, bad]), [true, false, false, false]);
    assert.match(filter.problem ?? '', /takes too long/);
    assert.equal(filter.slowCount, 3);
  });

  it('goes on past the time limit while messages are done', function () {
    this.timeout(60_000);
    // Each takes some milliseconds by the square of its length, all together more than one may.
    const messages = Array.from({ length: 60 }, () => withBody(`${'a'.repeat(3_000)}b`));
    const filter = filterOf('/.*x|b$/');
    assert.ok(filter.matchEach(messages).every(Boolean));
    assert.equal(filter.slowCount, 0);
  });
});

describe('a text that is no filter', () => {
  const wrong: Readonly<Record<string, readonly [at: number, message: RegExp]>> = {
    'a "b': [2, /quote is not closed/],
    'a (b': [2, /parenthesis is not closed/],
    '()': [1, /missing/],
    'a OR': [4, /missing/],
    '| a': [0, /missing/],
    'a AND': [5, /missing/],
    '/a': [0, /ends with a slash/],
    '/api/orders': [5, /may stand i, m, s and u/],
    '/a/ii': [3, /may stand/],
    '/a(/': [0, /not a regular expression.*group/i],
    '/a/uv': [0, /not a regular expression/],
    'key=': [4, /After = a value is missing/],
    'size>': [5, /After > a value is missing/],
    'size>big': [5, /number of bytes, as in size>1000/],
    'priority=high': [9, /priority is compared with a number/],
    'timestamp>yesterday': [10, /with a date/],
    'state=gone': [6, /state is one of held, acked, requeued, rejected, lost/],
    'redelivered=maybe': [12, /true, false/],
    '$.': [2, /After the dot/],
    '$.a[': [3, /In brackets/],
    '$.a[1:2]': [3, /In brackets/],
    '$.a.[0]': [4, /After the dot/],
    'header.': [7, /After the dot/],
    '$.a=': [4, /missing/],
  };
  for (const [text, [at, message]] of Object.entries(wrong)) {
    it(`${text} is told where and why`, () => {
      const problem = problemOf(text);
      assert.match(problem.message, message);
      assert.match(problem.message, /^[A-Za-z].*[.:]$/);
      assert.equal(problem.at, at);
    });
  }

  it('has its bounds in length and depth', () => {
    assert.match(problemOf('a'.repeat(4_001)).message, /4000 characters/);
    assert.match(problemOf(`${'('.repeat(51)}a`).message, /parentheses/);
  });
});
