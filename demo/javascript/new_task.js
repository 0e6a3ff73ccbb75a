// Tutorial 2: put a persistent task into the durable queue "task_queue".  node new_task.js [text]
// Each dot in the text is a second of work for the worker.
import amqp from 'amqplib';

const text = process.argv.slice(2).join(' ') || 'Hello...';

const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
const channel = await connection.createChannel();
await channel.assertQueue('task_queue', { durable: true });
channel.sendToQueue('task_queue', Buffer.from(text), { persistent: true });
await channel.close(); // waits for the broker, so the task is there when this returns
await connection.close();
console.log(`Sent: ${text}`);
