import type * as vscode from 'vscode';
import type { MessageNode } from '../../broker/messageFile/model.ts';
import { literalText } from '../../broker/messageFile/template.ts';
import type { Session } from '../../broker/session.ts';
import type { Connections } from '../connections/connections.ts';

/** Which connection the messages of a file are published with, where they do not name one. */
export class ActiveConnection {
  readonly #connections: Pick<Connections, 'all' | 'get'>;
  /** The last that was used for a file of this window, by its URI. */
  readonly #last = new Map<string, string>();

  constructor(connections: Pick<Connections, 'all' | 'get'>) {
    this.#connections = connections;
  }

  /** Without asking anyone: the last one of the file, the only one that is open, or the only one. */
  of(document: vscode.TextDocument): Session | undefined {
    const last = this.#connections.get(this.#last.get(document.uri.toString()) ?? '');
    if (last) return last;
    const all = this.#connections.all();
    const open = all.filter((session) => session.isOpen);
    return open.length === 1 ? open[0] : all.length === 1 ? all[0] : undefined;
  }

  /** The one that the message names, or `of` its file. */
  ofMessage(document: vscode.TextDocument, message: MessageNode): Session | undefined {
    const named = connectionName(message);
    return named === undefined ? this.of(document) : this.named(named);
  }

  named(name: string): Session | undefined {
    return this.#connections.all().find(({ profile }) => profile.name === name);
  }

  use(document: vscode.TextDocument, session: Session): void {
    this.#last.set(document.uri.toString(), session.profile.id);
  }
}

/** Undefined where it names none, or only a variable knows it. */
function connectionName({ fields }: MessageNode): string | undefined {
  const field = fields.find((each) => each.kind === 'connection');
  return field?.kind === 'connection' ? literalText(field.value) : undefined;
}
