import { connect } from 'node:net';
import { usualPort } from '../../broker/profile.ts';

/** "AMQP", 0, then version 0-9-1. Source: AMQP 0-9-1, section 4.2.2. */
const protocolHeader = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);
const methodFrame = 1;
/** type, channel and size of a frame. Source: AMQP 0-9-1, section 4.2.3. */
const frameHeaderBytes = 7;
const timeoutMs = 1_000;

/** A broker that answered on this machine. */
export interface LocalBroker {
  /** As it calls itself: `RabbitMQ`. */
  readonly product: string;
  readonly port: number;
}

/** Looks for an AMQP 0-9-1 broker on 127.0.0.1 and ::1. Never rejects; undefined when none answers within a second. */
export async function findLocalBroker(
  signal: AbortSignal,
  port: number = usualPort(false),
): Promise<LocalBroker | undefined> {
  const answers = ['127.0.0.1', '::1'].map((host) => askProduct(host, port, signal));
  const products = await Promise.all(answers);
  const product = products.find((each) => each !== undefined);
  return product === undefined ? undefined : { product, port };
}

/** Sends the protocol header and reads connection.start; no login follows, so the broker keeps nothing. */
function askProduct(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (product: string | undefined): void => {
      resolve(product);
      clearTimeout(timer);
      socket.destroy();
    };
    const timer = setTimeout(() => end(undefined), timeoutMs);
    let received: Buffer = Buffer.alloc(0);
    socket.on('connect', () => socket.write(protocolHeader));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received[0] !== methodFrame) end(undefined);
      else if (isWholeFrame(received)) end(productIn(received));
    });
    // Nothing listens there, or it is not AMQP: both mean that there is nothing to propose.
    socket.on('error', () => end(undefined));
    socket.on('close', () => end(undefined));
  });
}

function isWholeFrame(bytes: Buffer): boolean {
  return bytes.length > frameHeaderBytes && bytes.length >= frameHeaderBytes + bytes.readUInt32BE(3) + 1;
}

/** The server property `product`: a field name, the type tag `S`, a length and the text. */
function productIn(frame: Buffer): string {
  const key = frame.indexOf('\x07productS', 0, 'latin1');
  const at = key + '\x07productS'.length;
  if (key < 0 || at + 4 > frame.length) return 'AMQP broker';
  return frame.toString('utf8', at + 4, at + 4 + frame.readUInt32BE(at));
}
