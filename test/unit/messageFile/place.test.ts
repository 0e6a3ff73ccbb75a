import assert from 'node:assert/strict';
import { placeAt, type Place } from '../../../src/ui/messageFile/place.ts';

/** The place of the bar in a text, and what is written there already. */
function placeIn(marked: string): [Place, string] {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = placeAt(text, offset);
  return [place, place.kind === 'none' ? '' : text.slice(place.start, offset)];
}

function kindOf(marked: string): string {
  const [place, written] = placeIn(marked);
  return `${place.kind} ${written}`.trim();
}

describe('the place in a message file', () => {
  it('is that of a target on the first line of a message', () => {
    assert.equal(kindOf('|'), 'name');
    assert.equal(kindOf('ord|'), 'name ord');
    assert.equal(kindOf('@a = 1\n# note\n\n### x\n  ord|'), 'name ord');
    assert.equal(kindOf('q\n\nbody\n###\n|'), 'name');
    assert.deepEqual(placeIn('events > or|')[0], { kind: 'routingKey', start: 9, exchange: 'events' });
    assert.deepEqual(placeIn(String.raw`"my \"ex" >|`)[0], { kind: 'routingKey', start: 11, exchange: 'my "ex' });
  });

  it('is that of a property, a header or its value in the lines below', () => {
    assert.equal(kindOf('q\n|'), 'field');
    assert.equal(kindOf('q\n# note\n@b = 2\ncon|'), 'field con');
    assert.deepEqual(placeIn('q\nDelivery-Mode: per|')[0], {
      kind: 'value',
      start: 17,
      field: 'delivery-mode',
      isHeader: false,
    });
    assert.deepEqual(placeIn('q\nx-a:|')[0], { kind: 'value', start: 6, field: 'x-a', isHeader: true });
    assert.equal(kindOf('type: a|'), 'value a');
  });

  it('is that of a variable within braces, in a body too', () => {
    assert.equal(kindOf('q\n\n{ "a": "{{na|'), 'reference na');
    assert.equal(kindOf('{{|}} > x'), 'reference');
    assert.equal(kindOf('q\n\n{{a}} |'), 'none');
  });

  it('is none in bodies, comments, separators and variables', () => {
    for (const marked of ['q\n\nbo|', 'q\r\n\r\nbo|', '### na|', '# no|', '// no|', '@a = b|'])
      assert.equal(kindOf(marked), 'none', marked);
  });
});
