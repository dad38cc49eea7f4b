import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A real process with real signals: the code that ends a service cannot be tested in the process that tests it. */
const SCRIPT = `
  import { createLogger, HealthRegistry, Shutdown } from '@conclave/platform';
  const health = new HealthRegistry();
  const shutdown = new Shutdown(createLogger('test'), health, { boundMs: Number(process.env.BOUND ?? 5000) });
  const say = (text) => process.stdout.write(text + '\\n');
  shutdown.add('connections', 'pool', async () => say('closed'));
  shutdown.add('traffic', 'broken', async () => { throw new Error('no'); });
  shutdown.add('work', 'request', () => new Promise((r) => setTimeout(r, Number(process.env.WORK))).then(() => say('finished')));
  shutdown.add('traffic', 'port', async () => say('refusing while ' + health.state));
  shutdown.listen();
  setInterval(() => {}, 1000);
  say('up');
`;

async function start(env: Record<string, string>): Promise<{ child: ChildProcess; output: () => string }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@conclave/source', '--input-type=module', '--import', REGISTER, '-e', SCRIPT],
    {
      env: { ...process.env, ...env },
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let ended = false;
  child.once('exit', () => (ended = true));
  while (!output.includes('up')) {
    if (ended) throw new Error('the process ended before it was up');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { child, output: () => output.replace(/^\{.*\}$/gm, '').replace(/\n+/g, '\n') };
}

const REGISTER = new URL('../../testing/run-sources.mjs', import.meta.url).href;

describe('Shutdown', () => {
  it('drains phase by phase and ends with 0, whatever a hook does', async () => {
    const { child, output } = await start({ WORK: '100' });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(output()).toBe('up\nrefusing while draining\nfinished\nclosed\n');
    expect(code).toBe(0);
  });

  it('a second signal ends it at once', async () => {
    const { child, output } = await start({ WORK: '60000' });
    child.kill('SIGINT');
    while (!output().includes('refusing')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(1);
  });

  it('work that does not end is not waited for longer than the bound', async () => {
    const { child } = await start({ WORK: '60000', BOUND: '200' });
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(1);
  });
});
