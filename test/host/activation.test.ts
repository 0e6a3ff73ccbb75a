import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('Warren in an extension host', () => {
  it('is there and activates', async () => {
    const extension = vscode.extensions.getExtension('warren-rabbitmq.warren');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
