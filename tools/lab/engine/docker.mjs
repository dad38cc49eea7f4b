// The `docker` command, for the labs.
import { spawn } from 'node:child_process';

/** What the command said; `code` 127 where there is none. */
export function tryDocker(args, { host, cwd, input, env = {}, seconds = 600, binary = 'docker' } = {}) {
  return new Promise((resolve) => {
    const child = spawn(binary, args, {
      cwd,
      env: { ...process.env, ...(host ? { DOCKER_HOST: host } : {}), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: seconds * 1000,
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdin?.end(input);
    child.on('error', (error) => resolve({ code: 127, out: '', err: String(error.message) }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, out: out.trim(), err: signal ? `stopped after ${seconds} s\n${err}` : err.trim() }),
    );
  });
}

/** Standard output of the command; throws with what it said where it failed. */
export async function docker(args, options) {
  const { code, out, err } = await tryDocker(args, options);
  if (code !== 0)
    throw new Error(`docker ${args.slice(0, 4).join(' ')} … ended with ${code}\n${(err || out).slice(-4_000)}`);
  return out;
}
