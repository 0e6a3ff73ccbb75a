import { amqplib } from '../../src/broker/connection/amqplib/amqplib.ts';

/** amqplib for tests that run in one process with Warren's core, which has it read and write headers exactly. */
export const { connect } = amqplib;
