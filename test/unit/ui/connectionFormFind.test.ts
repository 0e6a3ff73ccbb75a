import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { findLocalBroker, type LocalBroker } from '../../../src/ui/connectionForm/findLocalBroker.ts';

describe('finding a broker on this machine', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function listen(host: string, onConnection: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, host, resolve);
    });
    closers.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as AddressInfo).port;
  }

  it('knows it by its answer to the protocol header, in whatever pieces that comes', async () => {
    const port = await listen('127.0.0.1', (socket) => {
      socket.on('data', (header) => {
        assert.deepEqual([...header], [65, 77, 81, 80, 0, 0, 9, 1]);
        for (const byte of startFrame('RabbitMQ')) socket.write(Buffer.from([byte]));
      });
    });
    assert.deepEqual(await look(port), { product: 'RabbitMQ', port });
  });

  it('finds one that listens on ::1 only', async function () {
    const port = await listen('::1', (socket) => socket.on('data', () => socket.write(startFrame('LavinMQ')))).catch(
      () => this.skip(),
    );
    assert.deepEqual(await look(port), { product: 'LavinMQ', port });
  });

  it('finds nothing where something else, something silent or nothing listens', async () => {
    const other = await listen('127.0.0.1', (socket) => socket.on('data', () => socket.end('HTTP/1.1 400\r\n\r\n')));
    assert.equal(await look(other), undefined);
    const silent = await listen('127.0.0.1', () => undefined);
    assert.equal(await look(silent), undefined);
    closers.splice(0).forEach((close) => close());
    assert.equal(await look(silent), undefined);
  });

  it('ends at once when it is no longer wanted', async () => {
    const silent = await listen('127.0.0.1', () => undefined);
    const stop = new AbortController();
    const looking = look(silent, stop.signal);
    const start = Date.now();
    stop.abort();
    assert.equal(await looking, undefined);
    assert.ok(Date.now() - start < 500);
  });
});

function look(port: number, signal = new AbortController().signal): Promise<LocalBroker | undefined> {
  return findLocalBroker(signal, port);
}

/** connection.start with one server property. */
function startFrame(product: string): Buffer {
  const name = Buffer.from(product);
  const value = Buffer.concat([Buffer.from('\x07productS'), Buffer.from([0, 0, 0, name.length]), name]);
  const payload = Buffer.concat([Buffer.from([0, 10, 0, 10, 0, 9, 0, 0, 0, value.length]), value]);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, payload.length]);
  return Buffer.concat([header, payload, Buffer.from([0xce])]);
}
