import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeBody } from '../../../src/broker/message/decode.ts';
import { indentXml, indentXmlStart } from '../../../src/broker/message/xmlIndent.ts';

const SEED = { seed: 20262 };
const part = fc.constantFrom(
  '<a>',
  '</a>',
  '<b c="d>">',
  '</b>',
  '<e/>',
  '<!-- <x> -->',
  '<![CDATA[<y>]]>',
  '<?pi ?>',
  '<!DOCTYPE a [<!ELEMENT a (b)>]>',
  ' ',
  '\n',
  'text',
  '&amp;',
  '<',
  '>',
  '"',
  '<!--',
  '<![CDATA[',
  '<a b=',
);

function bare(text: string): string {
  return text.replaceAll(/\s/g, '');
}

describe('laying XML out', () => {
  it('puts elements on lines of their own, and leaves those with text as they are', () => {
    const xml =
      '<?xml version="1.0"?><!DOCTYPE a><a x="1>2"><b>t</b> <c/><d></d><!-- note --><e><f>  one <g>two</g> <h/> </f></e></a>';
    assert.equal(
      indentXml(xml),
      [
        '<?xml version="1.0"?>',
        '<!DOCTYPE a>',
        '<a x="1>2">',
        '  <b>t</b>',
        '  <c/>',
        '  <d></d>',
        '  <!-- note -->',
        '  <e>',
        '    <f>  one <g>two</g> <h/> </f>',
        '  </e>',
        '</a>',
      ].join('\n'),
    );
  });

  it('changes nothing where white space is to be kept', () => {
    const xml = '<a><b xml:space="preserve"> <c/> </b></a>';
    assert.equal(indentXml(xml), '<a>\n  <b xml:space="preserve"> <c/> </b>\n</a>');
    assert.equal(indentXml('<a><![CDATA[ <x> ]]></a>'), '<a><![CDATA[ <x> ]]></a>');
  });

  it('refuses what is no XML', () => {
    for (const text of ['<a>', '<a></b>', '</a>', '<a', '<a b="c>', 'a < b', '<!-- a', '<a>&<']) {
      assert.equal(indentXml(text), undefined, text);
    }
  });

  it('lays out the beginning of what was cut', () => {
    assert.equal(indentXmlStart('<a><b><c>te'), '<a>\n  <b>\n    <c>te');
    assert.equal(indentXmlStart('<a><b/><c d="'), '<a>\n  <b/>\n  <c d="');
    assert.equal(indentXmlStart('<a></b><c'), undefined);
  });

  it('changes only white space, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        for (const out of [indentXml(text), indentXmlStart(text)]) {
          if (out !== undefined) assert.equal(bare(out), bare(text));
        }
        const once = indentXml(text);
        if (once !== undefined) assert.equal(indentXml(once), once, 'laid out twice');
      }),
      { ...SEED, numRuns: 5_000 },
    );
  });

  it('takes time in proportion to the text, and no stack', () => {
    for (const text of [
      '<a>'.repeat(100_000),
      `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`,
      `<a ${'x '.repeat(200_000)}`,
      `<${'a'.repeat(500_000)}`,
      '<!--'.repeat(100_000),
      '<a b="'.repeat(100_000),
      '<'.repeat(200_000),
      `<!DOCTYPE ${'['.repeat(200_000)}`,
    ]) {
      const started = performance.now();
      indentXml(text);
      indentXmlStart(text);
      assert.ok(performance.now() - started < 2_000, text.slice(0, 20));
    }
  });

  it('is done for bodies that are XML by type or by their first words', () => {
    const bytes = Buffer.from('<?xml version="1.0"?><a><b/></a>');
    for (const contentType of ['application/xml', 'application/soap+xml; charset=utf-8', undefined]) {
      const body = decodeBody(bytes, { contentType });
      assert.deepEqual([body.kind, body.languageId], ['text', 'xml']);
      assert.equal(body.text, '<?xml version="1.0"?>\n<a>\n  <b/>\n</a>');
    }
    assert.equal(decodeBody(Buffer.from('<a><b>'), { contentType: 'text/xml' }).text, '<a><b>');
  });
});
