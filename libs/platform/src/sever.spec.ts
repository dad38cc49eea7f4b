import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { holdUntilClosed, sever } from './sever.js';

/** More than the kernel takes from anybody who does not read. */
const much = Buffer.alloc(16 * 1024 * 1024, 1);

// A key that both know stands in for a certificate.
const psk = { psk: Buffer.alloc(32, 7), identity: 'spec' };
const secret = { ciphers: 'PSK', maxVersion: 'TLSv1.2', checkServerIdentity: () => undefined } as const;

const ways = {
  plain: {
    serve: (): Server => createServer(),
    call: (port: number): Duplex => connect(port, '127.0.0.1'),
  },
  TLS: {
    serve: (): Server => createTlsServer({ ...secret, pskCallback: () => psk.psk }),
    call: (port: number): Duplex => connectTls({ port, host: '127.0.0.1', ...secret, pskCallback: () => psk }),
  },
} as const;

describe.each(['plain', 'TLS'] as const)('a %s connection', (kind) => {
  const { serve, call } = ways[kind];
  let server: Server;
  let client: Duplex;
  let response: ServerResponse;

  beforeEach(async () => {
    server = serve();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = call((server.address() as AddressInfo).port);
    client.write('GET / HTTP/1.1\r\nHost: spec\r\n\r\n');
    const [, asked] = (await once(server, 'request')) as [unknown, ServerResponse];
    response = asked;
    response.on('error', () => undefined);
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** What the client gets when it begins to read, and how that ends. */
  async function read(): Promise<{ bytes: number; end: string }> {
    let bytes = 0;
    client.on('data', (data: Buffer) => (bytes += data.length));
    const end = await new Promise<string>((resolve) => {
      client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      client.once('end', () => resolve('end'));
    });
    return { bytes, end };
  }

  it('ends by reset, and what lies unsent in our buffers is discarded', async () => {
    response.writeHead(200, { 'content-length': much.length });
    response.write(much);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { socket } = response;
    if (!socket) throw new Error('an answer that is being written has a socket');
    sever(socket);
    const { bytes, end } = await read();
    expect(end).toBe('ECONNRESET');
    expect(bytes).toBeLessThan(much.length);
    expect(socket.destroyed).toBe(true);
  });

  it('that is held can still be cut when the kernel has taken everything', async () => {
    const body = much.subarray(0, 256 * 1024);
    const { socket } = response;
    if (!socket) throw new Error('an answer that is being written has a socket');
    holdUntilClosed(socket);
    response.writeHead(200, { 'content-length': body.length, connection: 'close' });
    response.end(body);
    await once(response, 'finish');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(socket.destroyed).toBe(false);
    sever(socket);
    expect((await read()).end).toBe('ECONNRESET');
  });

  it('that is held ends when the other side has everything and closes', async () => {
    const { socket } = response;
    if (!socket) throw new Error('an answer that is being written has a socket');
    holdUntilClosed(socket);
    response.writeHead(200, { 'content-length': 5, connection: 'close' });
    response.end('whole');
    const closed = once(socket, 'close');
    client.once('data', () => client.end());
    await closed;
  });

  it('is reset also in the moment in which it is being half-closed', async () => {
    const { socket } = response;
    if (!socket) throw new Error('an answer that is being written has a socket');
    response.writeHead(200, { 'content-length': much.length });
    response.write(much.subarray(0, 1024));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.end();
    await new Promise((resolve) => process.nextTick(resolve));
    const closed = once(socket, 'close');
    sever(socket);
    await closed;
    expect((await read()).end).toMatch(/ECONNRESET|end/);
  });

  it('may be severed twice, and after its end', async () => {
    const { socket } = response;
    if (!socket) throw new Error('an answer that is being written has a socket');
    const closed = once(socket, 'close');
    sever(socket);
    sever(socket);
    await closed;
    sever(socket);
    expect((await read()).end).toBe('ECONNRESET');
  });
});

it('what is no connection is destroyed', () => {
  const stream = new PassThrough();
  sever(stream);
  expect(stream.destroyed).toBe(true);
});
