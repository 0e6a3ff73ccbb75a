import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Offer } from '../discovery/offer.ts';
import { findLocalBroker, type LocalBroker } from './findLocalBroker.ts';
import { startItems, type Start, type StartFacts, type StartItem } from './startItems.ts';

/** How long the list waits for what it is made of, in milliseconds: not long enough to be felt. */
const patienceMs = 150;

/**
 * Asks how to add a connection. A broker on this machine joins the list when it has answered, and so do the connections that
 * `findOffers` finds.
 * @returns undefined when the person escaped
 */
export async function pickStart(
  title: string,
  unsaved: StartFacts['unsaved'],
  findOffers: (signal: AbortSignal) => Promise<readonly Offer[]>,
): Promise<Start | undefined> {
  const picker = vscode.window.createQuickPick<StartItem & vscode.QuickPickItem>();
  picker.title = title;
  picker.placeholder = 'Type or paste an AMQP URI, or choose';
  picker.matchOnDescription = true;
  picker.ignoreFocusOut = true;
  let found: LocalBroker | undefined;
  let offers: readonly Offer[] = [];
  const show = (): void => {
    picker.items = startItems({ text: picker.value, found, offers, unsaved, remoteName: vscode.env.remoteName });
  };
  show();
  picker.busy = true;
  const stop = new AbortController();
  const join = async <T>(looking: Promise<T>, take: (found: T) => void): Promise<void> => {
    const answer = await looking;
    if (stop.signal.aborted) return;
    take(answer);
    show();
  };
  const look = async (): Promise<void> => {
    await Promise.all([
      join(findLocalBroker(stop.signal), (broker) => (found = broker)),
      join(findOffers(stop.signal), (all) => (offers = all)),
    ]);
    if (!stop.signal.aborted) picker.busy = false;
  };
  const looking = look();
  try {
    // What is found joins the list at its top, where a row under the pointer would move: most of it is here by then.
    await Promise.race([looking, delay(patienceMs)]);
    return await new Promise<Start | undefined>((resolve) => {
      picker.onDidChangeValue(show);
      picker.onDidAccept(() => {
        // Enter can be quicker than the item for the URI that was pasted before it: nothing is selected then.
        const item = picker.selectedItems[0] ?? picker.items.find(({ start }) => start?.kind === 'uri');
        if (item?.start) resolve(item.start);
      });
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    stop.abort();
    picker.dispose();
  }
}
