import { systemClock } from '../common/clock.ts';
import { Caller } from '../protocol/caller.ts';
import { fromHost, type FromHost } from '../protocol/messages.ts';
import type { Host } from './hostApi.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/**
 * @param received told of what the host pushes
 * @param about the tail that is shown
 */
export function connectHost(
  received: (message: Exclude<FromHost, { kind: 'reply' }>) => void,
  about: () => string | undefined,
): Host {
  const api = acquireVsCodeApi();
  const caller = new Caller((message) => api.postMessage(message), systemClock, about);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = fromHost(data);
    if (message?.kind === 'reply') caller.settle(message);
    else if (message) received(message);
  });
  window.addEventListener('pagehide', () => caller.dispose());
  return {
    ask: (name, args) => caller.ask(name, args),
    kept: api.getState(),
    keep: (state) => api.setState(state),
    post: (message) => api.postMessage(message),
  };
}
