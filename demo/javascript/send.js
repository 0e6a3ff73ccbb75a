// Tutorial 1: publish one message to the queue "hello".  node send.js [text]
import amqp from 'amqplib';

const text = process.argv.slice(2).join(' ') || 'Hello World!';

const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
const channel = await connection.createChannel();
// The tutorial's queue is not durable, and amqplib would ask for a durable one.
await channel.assertQueue('hello', { durable: false });
channel.sendToQueue('hello', Buffer.from(text));
await channel.close(); // waits for the broker, so the message is there when this returns
await connection.close();
console.log(`Sent: ${text}`);
