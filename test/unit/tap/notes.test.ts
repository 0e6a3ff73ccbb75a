import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { ConnectionProfile } from '../../../src/broker/profile.ts';
import { FirehoseNotes } from '../../../src/ui/storage/firehoseNotes.ts';

function memento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: async (key: string, value: unknown) => void values.set(key, value),
  } as vscode.Memento;
}

const profile = { id: 'p', name: 'local', host: 'h', port: 5672, vhost: '/' } as ConnectionProfile;

describe('the note that a firehose is on', () => {
  it('is known to every window, and after a restart, until it is off', async () => {
    const stored = memento();
    await new FirehoseNotes(stored).of(profile).set();
    await new FirehoseNotes(stored).of(profile).set();
    const note = new FirehoseNotes(stored).of({ ...profile, name: 'renamed' });
    assert.equal(note.isSet(), true);
    await note.clear();
    assert.equal(new FirehoseNotes(stored).of(profile).isSet(), false);
  });

  it('is of one virtual host of one broker', async () => {
    const notes = new FirehoseNotes(memento());
    await notes.of(profile).set();
    for (const other of [{ vhost: 'b' }, { host: 'g' }, { port: 1 }, { id: 'q' }]) {
      assert.equal(notes.of({ ...profile, ...other }).isSet(), false);
    }
  });
});
