import * as vscode from 'vscode';
import type { FirehoseScope } from '../../broker/consume/tap/firehoseFeed.ts';
import type { Session } from '../../broker/session.ts';
import { visibleName } from '../../common/visibleText.ts';
import type { TapFacts } from './tapFacts.ts';
import { firehoseQuestion, tapDetail } from './tapWords.ts';

/**
 * Asks whether to use the firehose where it can be had, and for agreement where it has to be switched on.
 * @returns undefined when the person gave up
 */
export async function chooseScope(
  { plan, firehose }: TapFacts,
  queue: string,
  session: Session,
): Promise<FirehoseScope | 'none' | undefined> {
  if (!firehose) return 'none';
  const scope = plan.leftOut.length > 0 ? 'vhost' : 'defaultExchange';
  const isWanted = plan.copied.length === 0 || (await askForFirehose({ plan, firehose }, queue, session));
  if (!isWanted) return isWanted === false ? 'none' : undefined;
  if (firehose.isOn) return scope;
  const { vhost, name } = session.profile;
  const { message, detail } = firehoseQuestion(vhost, name);
  const verb = 'Switch On';
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, verb)) === verb ? scope : undefined;
}

/** @returns undefined when the person escaped */
async function askForFirehose(
  { plan, firehose }: TapFacts,
  queue: string,
  { profile }: Session,
): Promise<boolean | undefined> {
  const cost = firehose?.isOn === true ? 'which is on already' : 'copies all messages of the virtual host meanwhile';
  const items = [
    { label: 'Copy Its Bindings', detail: tapDetail(plan), withFirehose: false },
    {
      label: 'Copy Its Bindings and Use the Firehose',
      detail: `Misses only dead letters; ${cost}`,
      withFirehose: true,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `Tap ${visibleName(queue)} on ${profile.name}`,
    placeHolder: 'What is sent straight to the queue has no copy: only the firehose shows it',
    matchOnDetail: true,
  });
  return picked?.withFirehose;
}
