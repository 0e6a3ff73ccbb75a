import { python } from './python.ts';

/**
 * Publishes a message with a header that amqplib cannot decode: an integer below -2^31, as other versions of pika encode
 * it. Debian's has the tag `l` there.
 */
export async function publishPoison(amqpUrl: string, queue: string): Promise<void> {
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
