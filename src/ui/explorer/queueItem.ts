import * as vscode from 'vscode';
import type { QueueEntry } from '../../broker/queueList.ts';
import { visibleName } from '../../common/visibleText.ts';
import { describeQueue, queueFacts } from './describe.ts';
import { tailOfQueue } from '../../broker/consume/tail.ts';
import type { QueueNode } from './nodes.ts';
import { tooltipTable } from './tooltip.ts';

/** How a queue's row looks. */
export function queueItem(node: QueueNode, entry: QueueEntry | undefined, resource: vscode.Uri): vscode.TreeItem {
  const name = visibleName(node.queue);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.id = `${node.session.profile.id}/${node.queue}`;
  item.resourceUri = resource;
  if (!entry) return item;
  const isTailed = tailOfQueue(node.session.tails, node.queue) !== undefined;
  const words = isTailed ? `${describeQueue(withoutOurs(entry))} · tailing` : describeQueue(entry);
  item.description = words;
  item.iconPath = queueIcon(entry, isTailed);
  item.contextValue = isTailed ? `${contextValue(entry)}.tailed` : contextValue(entry);
  item.accessibilityInformation = { label: `Queue ${name}, ${words}` };
  return item;
}

/** Everything that is known of a queue. VS Code parses each tooltip it is given: 500 of them take seconds, so each is made when it is asked for. */
export function queueTooltip(entry: QueueEntry): vscode.MarkdownString {
  return tooltipTable(visibleName(entry.name), queueFacts(entry));
}

/** The consumer that is our own tail is told as that. */
function withoutOurs(entry: QueueEntry): QueueEntry {
  return { ...entry, consumers: entry.consumers && entry.consumers - 1 };
}

/** The shape says what kind of queue it is, the colour whether messages wait without a consumer. */
function queueIcon(entry: QueueEntry, isTailed: boolean): vscode.ThemeIcon {
  if (entry.missing) return new vscode.ThemeIcon('question');
  const color = entry.ready ? new vscode.ThemeColor(entry.consumers ? 'charts.green' : 'charts.yellow') : undefined;
  if (isTailed) return new vscode.ThemeIcon('eye', color);
  switch (entry.info?.type) {
    case 'stream':
      return new vscode.ThemeIcon('pulse', color);
    case 'quorum':
      return new vscode.ThemeIcon('layers', color);
    default:
      return new vscode.ThemeIcon('inbox', color);
  }
}

function contextValue(entry: QueueEntry): string {
  if (entry.missing) return 'queue.missing';
  const type = entry.info?.type ?? 'unknown';
  // Whether it can be taken off the list again.
  const source = entry.info ? 'listed' : 'named';
  return `queue.${type}.${source}`;
}
