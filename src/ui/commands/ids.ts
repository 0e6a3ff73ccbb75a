/** Every command Warren contributes, without the `warren.` prefix. A test holds it equal to package.json. */
export const commandIds = [
  'addConnection',
  'editConnection',
  'renameConnection',
  'deleteConnection',
  'connect',
  'retryNow',
  'disconnect',
  'copyUri',
  'openManagementPage',
  'keepInWorkspace',
  'keepEverywhere',
  'openConnectionSettings',
  'forgetPassword',
  'exportConnections',
  'importConnections',
  'refresh',
  'filterQueues',
  'clearFilter',
  'showMoreQueues',
  'addQueue',
  'forgetQueue',
  'declareQueue',
  'purgeQueue',
  'deleteQueue',
  'copyName',
  'publishMessage',
  'publishFiles',
  'publishAgain',
  'tailQueue',
  'tail.show',
  'tail.pause',
  'tail.resume',
  'tail.ackAll',
  'tail.requeueAll',
  'tail.stop',
  'tail.again',
  'message.ack',
  'message.requeue',
  'message.reject',
  'message.ackUpTo',
  'message.open',
  'showLog',
  'startTutorial',
] as const;

export type CommandId = (typeof commandIds)[number];

/** The id as VS Code knows it. */
export function fullId(id: CommandId): `warren.${CommandId}` {
  return `warren.${id}`;
}
