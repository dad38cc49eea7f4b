import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  clockCheck,
  httpClock,
  OperatorError,
  runChecks,
  type PreflightCheck,
  type PreflightResult,
} from '../index.js';

const run = async (...checks: PreflightCheck[]): Promise<{ ok: boolean; results: PreflightResult[] }> => {
  const results: PreflightResult[] = [];
  const ok = await runChecks(checks, (result) => results.push(result));
  return { ok, results };
};

describe('checks', () => {
  it('run all, whatever one finds', async () => {
    const { ok, results } = await run(
      { name: 'one', run: async () => 'fine' },
      { name: 'two', run: () => Promise.reject(new OperatorError('do this')) },
      { name: 'three', run: async () => 'fine too' },
    );
    expect(ok).toBe(false);
    expect(results.map(({ ok: fine, words }) => [fine, words])).toEqual([
      [true, 'fine'],
      [false, 'do this'],
      [true, 'fine too'],
    ]);
  });

  it('keep the words of errors that were not written for operators to themselves', async () => {
    const error = Object.assign(new Error('password "hunter2" is wrong'), { code: '28P01' });
    const { results } = await run({ name: 'one', run: () => Promise.reject(error) });
    expect(results[0]?.words).toBe('failed unexpectedly (28P01)');
  });
});

describe('the clock', () => {
  const at = (offMs: number, stepMs = 1) => ({ name: 'the database', stepMs, read: async () => Date.now() + offMs });

  it.each([0, 4_000, -4_000])('may be off by %d ms', async (off) => {
    expect((await run(clockCheck([at(off)]))).ok).toBe(true);
  });

  it.each([60_000, -60_000])('may not be off by %d ms', async (off) => {
    const { ok, results } = await run(clockCheck([at(off)]));
    expect(ok).toBe(false);
    expect(results[0]?.words).toMatch(/this machine's clock and the database's differ by (60|59) s/);
  });

  it('that cannot be asked is another check’s concern', async () => {
    const gone = { name: 'x', stepMs: 1, read: () => Promise.reject(new Error('down')) };
    expect((await run(clockCheck([gone]))).results[0]?.words).toBe('no server told its time');
  });

  it('is read from a Date header, which stands for a whole second', async () => {
    let off = 0;
    const server = createServer((_request, response) => {
      response.setHeader('date', new Date(Date.now() + off).toUTCString());
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const check = clockCheck([httpClock('LiveKit', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)]);
    try {
      expect((await run(check)).results[0]?.words).toBe('agrees with LiveKit');
      off = 60_000;
      expect((await run(check)).results[0]?.words).toContain('Let both follow the same time servers');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
