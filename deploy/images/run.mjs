// Starts programs for the build of images.
import { spawn } from 'node:child_process';

/** Runs a program and gives its standard output; says what it printed where it fails. */
export function run(command, args, { cwd, env = {}, show } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let all = '';
    const hear = (chunk) => {
      all = (all + chunk).slice(-20_000);
      if (show) process.stderr.write(chunk);
    };
    child.stdout.on('data', (chunk) => {
      out += chunk;
      hear(chunk);
    });
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(out.trim());
      reject(
        new Error(`${command} ${args.slice(0, 3).join(' ')} … ended with ${code}${show ? '' : `\n${all.trim()}`}`),
      );
    });
  });
}
