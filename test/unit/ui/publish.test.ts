import assert from 'node:assert/strict';
import { contentTypeOfFile, contentTypeOfText } from '../../../src/ui/publish/contentType.ts';

describe('the content type of what is published', () => {
  it('is that of the language the editor shows', () => {
    assert.equal(contentTypeOfText('json'), 'application/json');
    assert.equal(contentTypeOfText('jsonc'), 'application/json');
    assert.equal(contentTypeOfText('markdown'), 'text/markdown');
  });

  it('is plain text for a language that has none of its own', () => {
    assert.equal(contentTypeOfText('plaintext'), 'text/plain');
    assert.equal(contentTypeOfText('rust'), 'text/plain');
  });

  it('is that of a file by its extension', () => {
    assert.equal(contentTypeOfFile('/a.b/photo.PNG'), 'image/png');
    assert.equal(contentTypeOfFile('/a/order.json'), 'application/json');
  });

  it('claims nothing of bytes that have no known extension', () => {
    assert.equal(contentTypeOfFile('/a.json/LICENSE'), 'application/octet-stream');
    assert.equal(contentTypeOfFile('/a/x.bin'), 'application/octet-stream');
  });
});
