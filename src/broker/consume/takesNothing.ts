import { Emitter, type Event } from '../../common/event.ts';

/** What a tail says of settling when it takes nothing off a queue: it never holds a message. */
export abstract class TakesNothing {
  readonly heldCount = 0;
  /** Never fires. */
  readonly onDidSettle: Event<readonly number[]> = new Emitter<readonly number[]>().event;

  stateOf(): undefined {
    return undefined;
  }

  heldNumbers(): number[] {
    return [];
  }

  settle(): number {
    return 0;
  }

  settleUpTo(): number {
    return 0;
  }
}
