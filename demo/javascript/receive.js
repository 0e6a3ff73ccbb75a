// Tutorial 1: print what arrives in the queue "hello". Takes messages for good (automatic ack).
import amqp from 'amqplib';

const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
const channel = await connection.createChannel();
// The tutorial's queue is not durable, and amqplib would ask for a durable one.
await channel.assertQueue('hello', { durable: false });
console.log('Waiting for messages in hello. Ctrl+C stops.');
await channel.consume('hello', onMessage, { noAck: true });

function onMessage(message) {
  if (message === null) {
    console.log('The queue was deleted.');
    process.exit(1);
  }
  console.log(`Received: ${message.content.toString()}`);
}
