import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { clientProperties, version } from '../../../src/broker/connection/clientProperties.ts';

describe('what a connection tells the broker of itself', () => {
  it('is Warren in the version of the manifest, and what it is for', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(version, manifest.version);
    const told = clientProperties('consume');
    assert.equal(told['product'], 'Warren');
    assert.equal(told['connection_name'], 'Warren (consume)');
    assert.match(told['platform'] ?? '', /^Node\.js \d+\.\d+\.\d+ on \w+$/);
  });
});
