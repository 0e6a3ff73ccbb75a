import { python } from './python.ts';

/** A header table in another, and so on: what is read by recursion, and RabbitMQ passes on as it came. */
const nest = `import pika,sys,threading
sys.setrecursionlimit(200000); threading.stack_size(512*1024*1024)
def send():
    c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
    ch.confirm_delivery()
    table={'a': True}
    for _ in range(int(sys.argv[3])): table={'a': table}
    ch.basic_publish('', sys.argv[2], b'poison', pika.BasicProperties(headers=table)); c.close()
t=threading.Thread(target=send); t.start(); t.join()`;

/** Publishes a message whose header is a table so many tables deep. */
export async function publishNested(amqpUrl: string, queue: string, depth: number): Promise<void> {
  await python(nest, [amqpUrl, queue, String(depth)]);
}

/** Publishes a message with a header nested deeper than can be read. */
export async function publishPoison(amqpUrl: string, queue: string): Promise<void> {
  await publishNested(amqpUrl, queue, 18_000);
}

/**
 * Publishes a message with the header `n`, an integer below -2^31 of the type `L`, as other versions of pika encode it:
 * amqplib knows no such type. Debian's has `l` there.
 */
export async function publishOldLong(amqpUrl: string, queue: string): Promise<void> {
  const script = `import pika,pika.data,struct,sys
plain=pika.data.encode_value
def encode_value(pieces, value):
  if value != -2**40: return plain(pieces, value)
  pieces.append(struct.pack('>cq', b'L', value)); return 9
pika.data.encode_value=encode_value
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel()
ch.confirm_delivery()
ch.basic_publish('', sys.argv[2], b'poison', pika.BasicProperties(headers={'n': -2**40}))
c.close()`;
  await python(script, [amqpUrl, queue]);
}
