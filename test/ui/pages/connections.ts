import type { BrokerAddress } from '../../support/broker.ts';
import type { Workbench } from './workbench.ts';

/** What a connection is added with. */
export interface ConnectionOptions {
  readonly name: string;
  readonly broker: BrokerAddress;
  readonly vhost: string;
  /** Gives the management API's URL, which is not at its usual port here. */
  readonly management: boolean;
}

/** Adds a connection as a person does, step by step; its branch of the tree is open then. */
export async function addConnection(workbench: Workbench, options: ConnectionOptions): Promise<void> {
  const { name, broker, vhost, management } = options;
  const { quickInput, tree } = workbench;
  await workbench.show('RabbitMQ');
  await workbench.run('RabbitMQ: Add Connection…');
  // What is found meanwhile comes first in the list, and would move this away from the pointer.
  await quickInput.type('Enter step by step');
  await quickInput.pick('Enter step by step…');
  await step('1/8', broker.host);
  await quickInput.title.filter({ hasText: '2/8' }).waitFor();
  await quickInput.accept();
  await step('3/8', String(broker.amqpPort));
  await step('4/8', vhost);
  await step('5/8', broker.user);
  await step('6/8', broker.password);
  await step('7/8', management ? broker.managementUrl : '');
  await step('8/8', name);
  // It opens by itself.
  await tree.isExpanded(name);

  async function step(position: string, text: string): Promise<void> {
    await quickInput.title.filter({ hasText: position }).waitFor();
    await quickInput.fill(text);
  }
}
