import type { MessageState } from '../consume/ackState.ts';
import { rawText } from '../message/decode.ts';
import type { Message } from '../message/message.ts';
import { looksLikeJson, parseJson } from './json.ts';

/** What a filter asks of others than the message; a Tail has the first. */
export interface FilterContext {
  /** What has become of the message; without it no message has a state. */
  stateOf?(number: number): MessageState | undefined;
  /** The body as text where it is decoded by more than its properties say, as a BodyReader does; undefined leaves it to them. */
  bodyText?(message: Message): string | undefined;
}

/** One message while it is tested: its body is decoded at most once, and only when a test asks for it. */
export class Subject {
  readonly message: Message;
  readonly #context: FilterContext;
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;

  constructor(message: Message, context: FilterContext) {
    this.message = message;
    this.#context = context;
  }

  get state(): MessageState | undefined {
    return this.#context.stateOf?.(this.message.number);
  }

  get text(): string {
    this.#text ??= this.#context.bodyText?.(this.message) ?? textOf(this.message);
    return this.#text;
  }

  /** The body's JSON value; undefined when it is not JSON. */
  get json(): unknown {
    this.#json ??= { value: this.#readJson() };
    return this.#json.value;
  }

  #readJson(): unknown {
    return looksLikeJson(this.text, this.message.properties.contentType) ? parseJson(this.text) : undefined;
  }
}

function textOf({ content, properties }: Message): string {
  return rawText(content, properties);
}
