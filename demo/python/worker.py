"""Tutorial 2: work through "task_queue" one task at a time, and ack each when it is done."""

import os

import pika

broker = pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost"))

with pika.BlockingConnection(broker) as connection:

    def on_task(channel, method, properties, body):
        print(f"Received: {body.decode(errors='replace')}", flush=True)
        connection.sleep(body.count(b"."))  # unlike time.sleep, keeps the heartbeat going
        print("Done", flush=True)
        channel.basic_ack(delivery_tag=method.delivery_tag)

    channel = connection.channel()
    channel.queue_declare(queue="task_queue", durable=True)
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue="task_queue", on_message_callback=on_task)
    print("Waiting for tasks in task_queue. Ctrl+C stops.", flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        pass
