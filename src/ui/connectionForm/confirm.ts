import * as vscode from 'vscode';
import type { Tail } from '../../broker/consume/tail.ts';
import type { Session } from '../../broker/session.ts';
import { shortName } from '../../common/visibleText.ts';
import { deleteDetail, stopSentence, type Running } from './consequences.ts';

/** Asks before changes that close a connection on which tails run; without tails there is nothing to ask. */
export async function confirmReconnect(session: Session): Promise<boolean> {
  const detail = stopSentence(runningOn(session));
  if (detail === '') return true;
  const verb = 'Save and Reconnect';
  const message = `Save the changes to connection "${session.profile.name}"?`;
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, verb)) === verb;
}

/** Asks before a connection is deleted. */
export async function confirmDelete(session: Session): Promise<boolean> {
  const { name } = session.profile;
  const verb = `Delete ${shortName(name)}`;
  const options = { modal: true, detail: deleteDetail(runningOn(session)) };
  return (await vscode.window.showWarningMessage(`Delete connection "${name}"?`, options, verb)) === verb;
}

/** Asks before a connection is closed on which tails hold messages: going back marks and counts each of them. */
export async function confirmDisconnect(session: Session): Promise<boolean> {
  const running = runningOn(session);
  if (running.held === 0) return true;
  const { name } = session.profile;
  const verb = `Disconnect ${shortName(name)}`;
  const options = { modal: true, detail: stopSentence(running) };
  return (await vscode.window.showWarningMessage(`Disconnect from "${name}"?`, options, verb)) === verb;
}

/** What closing these connections stops, as one sentence; nothing when nothing runs. */
export function stopsOn(sessions: readonly Session[]): string {
  const all = sessions.map(runningOn);
  const sum = (count: (running: Running) => number): number => all.reduce((total, each) => total + count(each), 0);
  return stopSentence({
    tails: sum(({ tails }) => tails),
    held: sum(({ held }) => held),
    lost: sum(({ lost }) => lost),
  });
}

function runningOn({ tails }: Session): Running {
  const sum = (count: (tail: Tail) => number): number => tails.reduce((total, tail) => total + count(tail), 0);
  return {
    tails: tails.length,
    held: sum(({ heldCount }) => heldCount),
    lost: sum((tail) => tail.lastReturns?.().length ?? 0),
  };
}
