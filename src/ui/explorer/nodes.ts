import type { Session } from '../../broker/session.ts';

export interface ConnectionNode {
  readonly kind: 'connection';
  readonly session: Session;
}

export interface QueueNode {
  readonly kind: 'queue';
  readonly session: Session;
  readonly queue: string;
}

/** A line under a connection that says how things stand, and does what would help when chosen. */
export interface NoticeNode {
  readonly kind: 'notice';
  readonly session: Session;
  readonly id: 'state' | 'remedy' | 'blocked' | 'filter' | 'incomplete' | 'failure' | 'empty' | 'more';
}

export type TreeNode = ConnectionNode | QueueNode | NoticeNode;
