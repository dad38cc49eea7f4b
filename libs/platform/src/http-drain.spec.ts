import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { HttpDrain } from './http-drain.js';

const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

async function listen(sharesSocket: boolean, delayMs = 0): Promise<{ server: Server; drain: HttpDrain; port: number }> {
  const server = createServer((_request, response) => void setTimeout(() => response.end('ok'), delayMs));
  const drain = new HttpDrain(server, sharesSocket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, drain, port: (server.address() as AddressInfo).port };
}

/** One request; `agent` keeps its connection for the next. Answers what it is told about the connection. */
function ask(port: number, agent: Agent): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume().once('end', () => resolve(response.headers.connection));
    });
    asked.once('error', reject);
    asked.end();
  });
}

const keeping = (): Agent => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
};

describe('the end of an HTTP server', () => {
  it('answers on connections that were there, and tells them to go', async () => {
    const { drain, port } = await listen(false);
    const agent = keeping();
    expect(await ask(port, agent)).toBe('keep-alive');
    drain.begin();
    expect(await ask(port, agent)).toBe('close');
    await drain.settle();
    await drain.end();
    await expect(ask(port, keeping())).rejects.toThrow('ECONNREFUSED');
  });

  it('takes new connections until it ends, unless others listen on the same socket', async () => {
    const alone = await listen(false);
    const sharing = await listen(true);
    for (const { drain } of [alone, sharing]) drain.begin();
    expect(await ask(alone.port, keeping())).toBe('close');
    await expect(ask(sharing.port, keeping())).rejects.toThrow('ECONNREFUSED');
    await Promise.all([alone, sharing].map(({ drain }) => drain.end()));
  });

  it('lets what is in flight end', async () => {
    const { server, drain, port } = await listen(true, 300);
    const came = once(server, 'request');
    const answer = ask(port, keeping());
    await came;
    drain.begin();
    await drain.end();
    expect(await answer).toBe('close');
  });

  it('does not wait where nobody is connected', async () => {
    const { server, drain } = await listen(false);
    const looks = jest.spyOn(server, 'getConnections');
    drain.begin();
    await drain.settle();
    // It lets time pass only between two looks.
    expect(looks).toHaveBeenCalledTimes(1);
    await drain.end();
  });
});
