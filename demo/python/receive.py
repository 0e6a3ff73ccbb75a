"""Tutorial 1: print what arrives in the queue "hello". Takes messages for good (automatic ack)."""

import os

import pika

broker = pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost"))


def on_message(channel, method, properties, body):
    print(f"Received: {body.decode(errors='replace')}", flush=True)


with pika.BlockingConnection(broker) as connection:
    channel = connection.channel()
    channel.queue_declare(queue="hello")
    channel.basic_consume(queue="hello", on_message_callback=on_message, auto_ack=True)
    print("Waiting for messages in hello. Ctrl+C stops.", flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        pass
