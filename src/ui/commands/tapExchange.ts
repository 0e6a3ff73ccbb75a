import type { Connections } from '../connections/connections.ts';
import { tapExchange } from '../exchangeTap/tapExchange.ts';
import type { Output } from '../output/output.ts';
import { chooseSession, exchangeNameOf } from '../picks/targets.ts';
import type { CommandHandlers } from './registry.ts';

interface TapExchangeDeps {
  readonly connections: Connections;
  readonly output: Output;
}

/** Copies of what an exchange routes. */
export function tapExchangeCommands({ connections, output }: TapExchangeDeps): Pick<CommandHandlers, 'tapExchange'> {
  return {
    tapExchange: async (argument) => {
      const session = await chooseSession(connections, argument, 'Tap Exchange');
      if (session) await tapExchange(output.outputs, session, exchangeNameOf(argument));
    },
  };
}
