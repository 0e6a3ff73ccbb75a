import { python } from './python.ts';

/** A message as pika sees it. Each header is the letter of its type with its bytes in hex; `A` and `F` hold others. */
export interface PikaMessage {
  readonly exchange: string;
  readonly routingKey: string;
  /** By the names of AMQP; those that are not set are missing. */
  readonly properties: Readonly<Record<string, string | number>>;
  readonly headers: Readonly<Record<string, PikaField>>;
  /** In hex. */
  readonly body: string;
}

export type PikaField =
  string | readonly ['A', readonly PikaField[]] | readonly ['F', Readonly<Record<string, PikaField>>];

/** pika makes the same value of several types: these keep what is on the wire. */
const exactly = `import pika, pika.data, struct, sys, json
names=['content_type','content_encoding','delivery_mode','priority','correlation_id','reply_to','expiration','message_id','timestamp','type','user_id','app_id']
c=pika.BlockingConnection(pika.URLParameters(sys.argv[1])); ch=c.channel(); ch.confirm_delivery()
decode=pika.data.decode_value
def decode_value(encoded, offset):
  kind=encoded[offset:offset+1].decode()
  value,end=decode(encoded, offset)
  if kind in 'AF': return [kind,value],end
  return kind+encoded[offset+1:end].hex(),end
pika.data.decode_value=decode_value
def encode_value(pieces, value):
  if isinstance(value, str):
    raw=value[0].encode()+bytes.fromhex(value[1:])
  elif value[0]=='A':
    inner=[]
    for each in value[1]: encode_value(inner, each)
    raw=b'A'+struct.pack('>I', len(b''.join(inner)))+b''.join(inner)
  else:
    inner=[]
    pika.data.encode_table(inner, value[1])
    raw=b'F'+b''.join(inner)
  pieces.append(raw); return len(raw)
pika.data.encode_value=encode_value
`;

/** Takes one message off a queue. */
export async function pikaGet(amqpUrl: string, queue: string): Promise<PikaMessage> {
  const script = `${exactly}
m,p,b=ch.basic_get(sys.argv[2], auto_ack=True)
props={n.replace('_','-'): getattr(p,n) for n in names if getattr(p,n) is not None}
print(json.dumps({'exchange': m.exchange, 'routingKey': m.routing_key, 'properties': props, 'headers': p.headers or {}, 'body': b.hex()}))
c.close()`;
  return JSON.parse(await python(script, [amqpUrl, queue])) as PikaMessage;
}

/** Publishes one message. */
export async function pikaPublish(amqpUrl: string, message: PikaMessage): Promise<void> {
  const script = `${exactly}
m=json.loads(sys.argv[2])
p=pika.BasicProperties(headers=m['headers'], **{n.replace('-','_'): v for n,v in m['properties'].items()})
ch.basic_publish(m['exchange'], m['routingKey'], bytes.fromhex(m['body']), p)
c.close()`;
  await python(script, [amqpUrl, JSON.stringify(message)]);
}
