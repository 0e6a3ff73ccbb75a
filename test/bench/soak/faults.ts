import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from '../../../scripts/lib/broker.mjs';
import { signal } from '../../../scripts/lib/processes.mjs';
import type { TcpProxy } from '../../support/tcpProxy.ts';
import type { Random } from '../../support/random.ts';

/** What faults are done to. */
export interface FaultTargets {
  readonly broker: Broker;
  /** All of Warren's AMQP connections go through it. */
  readonly proxy: TcpProxy;
  /**
   * Settles when every message that a classic queue was told to reject is in the dead-letter queue; from here on nothing is rejected
   * there until `mayReject`. A classic queue dead-letters without a confirm of its own, so that the broker itself may lose
   * what it is just moving when it is killed. @see https://www.rabbitmq.com/docs/dlx#safety
   */
  rejectionsLanded(): Promise<void>;
  readonly mayReject: () => void;
}

interface Fault {
  readonly name: string;
  /** How often it is chosen, in relation to the others. */
  readonly weight: number;
  /** @param seconds from 1 to 8, drawn with the fault */
  run(targets: FaultTargets, seconds: number): Promise<void>;
}

const faults: readonly Fault[] = [
  { name: 'connections closed (FIN)', weight: 3, run: async ({ proxy }) => proxy.end() },
  { name: 'connections reset (RST)', weight: 3, run: async ({ proxy }) => proxy.cut() },
  {
    name: 'connections reset in the middle of a frame',
    weight: 2,
    run: async ({ proxy }, seconds) => proxy.cutAfter(seconds * 1013),
  },
  {
    name: 'black hole, then reset',
    weight: 3,
    run: async ({ proxy }, seconds) => {
      proxy.swallow();
      await delay(seconds * 2_000);
      proxy.cut();
    },
  },
  {
    name: 'replies held back',
    weight: 2,
    run: async ({ proxy }, seconds) => {
      proxy.holdReplies();
      await delay(seconds * 1000);
      proxy.release();
    },
  },
  {
    name: 'new connections refused',
    weight: 2,
    run: async ({ proxy }, seconds) => {
      proxy.refuse(true);
      proxy.cut();
      await delay(seconds * 1000);
      proxy.refuse(false);
    },
  },
  {
    name: 'broker stopped (TERM) and started',
    weight: 2,
    run: async (targets) => {
      await targets.rejectionsLanded();
      await targets.broker.restart();
      targets.mayReject();
    },
  },
  {
    name: 'broker killed (-9) and started',
    weight: 2,
    run: async (targets, seconds) => {
      await targets.rejectionsLanded();
      await targets.broker.kill();
      await delay(seconds * 250);
      await targets.broker.start();
      targets.mayReject();
    },
  },
  {
    name: 'memory alarm',
    weight: 2,
    run: async ({ broker }, seconds) => {
      await broker.ctl('set_vm_memory_high_watermark', '0.0001');
      await delay(seconds * 1000);
      await broker.ctl('set_vm_memory_high_watermark', '0.4');
    },
  },
  {
    name: 'disk alarm',
    weight: 1,
    run: async ({ broker }, seconds) => {
      await broker.ctl('set_disk_free_limit', '999GB');
      await delay(seconds * 1000);
      await broker.ctl('set_disk_free_limit', '50MB');
    },
  },
  {
    name: 'connections closed by an administrator',
    weight: 2,
    run: async ({ broker }) => {
      await broker.ctl('close_all_connections', 'soak');
    },
  },
  {
    name: 'broker halted (STOP) and continued',
    weight: 2,
    run: async ({ broker }, seconds) => {
      const { pid } = broker;
      if (pid === undefined) throw new Error('The broker does not run.');
      signal(pid, 'SIGSTOP');
      await delay(seconds * 1000);
      signal(pid, 'SIGCONT');
    },
  },
];

/** A fault of a run's plan. */
export interface PlannedFault {
  readonly name: string;
  readonly seconds: number;
  run(targets: FaultTargets): Promise<void>;
}

/** The faults of a run, one after the other without an end: for the same seed the same. */
export function* planFaults(random: Random): Generator<PlannedFault, never> {
  const urn = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  for (;;) {
    const fault = random.pick(urn);
    const seconds = random.whole(1, 8);
    yield { name: fault.name, seconds, run: (targets) => fault.run(targets, seconds) };
  }
}
