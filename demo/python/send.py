"""Tutorial 1: publish one message to the queue "hello".  python3 send.py [text]"""

import os
import sys

import pika

text = " ".join(sys.argv[1:]) or "Hello World!"
broker = pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost"))

with pika.BlockingConnection(broker) as connection:
    channel = connection.channel()
    channel.queue_declare(queue="hello")
    channel.basic_publish(exchange="", routing_key="hello", body=text.encode())
    print(f"Sent: {text}")
