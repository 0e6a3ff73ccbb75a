import type { AppError } from '../../../common/errors.ts';
import type { BindingInfo } from '../../management/model.ts';
import type { NotCopied } from './queuePlan.ts';

/** Something that whoever reads a tap must know. */
export type TapEvent =
  /** The queue got a binding, and the tap has it too. */
  | { readonly kind: 'bound'; readonly binding: BindingInfo }
  /**
   * The queue lost a binding, and the tap has given it up. Until then, `withinMs` at the most, what nobody else took came
   * here alone: not to the alternate exchange, where there is one.
   */
  | {
      readonly kind: 'unbound';
      readonly binding: BindingInfo;
      readonly withinMs: number;
      readonly hasAlternate: boolean;
    }
  | { readonly kind: 'leftOut'; readonly binding: BindingInfo; readonly why: NotCopied }
  /** The tap's own binding was gone, and is there again. */
  | { readonly kind: 'boundAgain' }
  /** Whatever was published while there was no queue of the tap's is missing. */
  | { readonly kind: 'missed'; readonly why: 'connection' | 'queue' }
  /** Changes of bindings are not seen for the time being. */
  | { readonly kind: 'notFollowing'; readonly error: AppError }
  | { readonly kind: 'following' }
  /** Not followed for some time, a binding was given up that may come to keep messages from others. */
  | { readonly kind: 'suspended'; readonly exchange: string }
  /** The tap's queue was full when delivery began again, or is: the oldest messages are dropped. */
  | { readonly kind: 'full' }
  /** So many messages at the least were dropped from the tap's queue since it was declared, by the broker's statistics. */
  | { readonly kind: 'dropped'; readonly atLeast: number }
  /** Somebody has switched the firehose off, or on again. */
  | { readonly kind: 'firehose'; readonly isOn: boolean }
  /** The firehose could not be switched off. */
  | { readonly kind: 'firehoseLeftOn'; readonly error: AppError };
