/** The peer of F2: `age` from PATH, or built from the Go module proxy by go.mod and go.sum beside this file; or why there is none. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = 'v1.3.1';
const packages = ['filippo.io/age/cmd/age', 'filippo.io/age/cmd/age-keygen'];

const versionOf = (file) =>
  run(file, ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

export async function findAge() {
  const found = await versionOf('age');
  if (found) return { file: 'age', keygen: 'age-keygen', version: found };
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'conclave', `age-${version}`);
  const [file, keygen] = ['age', 'age-keygen'].map((name) => join(folder, name));
  if (!existsSync(keygen) || !existsSync(file)) {
    await mkdir(folder, { recursive: true });
    const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder, GOFLAGS: '' };
    const built = await run('go', ['install', '-trimpath', '-mod=readonly', ...packages], {
      cwd: import.meta.dirname,
      env,
    }).then(
      () => true,
      (error) => error,
    );
    if (built !== true)
      return { reason: `no age on PATH, and it could not be built: ${String(built.message).split('\n')[0]}` };
  }
  return { file, keygen, version };
}
