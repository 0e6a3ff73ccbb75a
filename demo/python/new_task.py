"""Tutorial 2: put a persistent task into the durable queue "task_queue".  python3 new_task.py [text]

Each dot in the text is a second of work for the worker.
"""

import os
import sys

import pika

text = " ".join(sys.argv[1:]) or "Hello..."
broker = pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost"))

with pika.BlockingConnection(broker) as connection:
    channel = connection.channel()
    channel.queue_declare(queue="task_queue", durable=True)
    channel.basic_publish(
        exchange="",
        routing_key="task_queue",
        body=text.encode(),
        properties=pika.BasicProperties(delivery_mode=2),  # 2: persistent
    )
    print(f"Sent: {text}")
