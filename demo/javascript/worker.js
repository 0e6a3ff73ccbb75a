// Tutorial 2: work through "task_queue" one task at a time, and ack each when it is done.
import amqp from 'amqplib';

const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
const channel = await connection.createChannel();
await channel.assertQueue('task_queue', { durable: true });
await channel.prefetch(1);
console.log('Waiting for tasks in task_queue. Ctrl+C stops.');
await channel.consume('task_queue', onTask);

function onTask(message) {
  if (message === null) {
    console.log('The queue was deleted.');
    process.exit(1);
  }
  const task = message.content.toString();
  console.log(`Received: ${task}`);
  const seconds = task.split('.').length - 1;
  setTimeout(() => {
    console.log('Done');
    channel.ack(message);
  }, seconds * 1000);
}
