// kubectl and both Helms against one cluster, with their configuration and caches in the cluster's folder, so that those
// of the person who runs the lab are neither read nor changed.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A command that ended with something else than 0. */
export class CommandFailed extends Error {
  constructor(words, result) {
    super(`${words} ended with ${result.code}\n${(result.stderr + result.stdout).trim()}`);
    this.result = result;
  }
}

function run(command, args, { env, input, limitSeconds = 180 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const result = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (result.stdout += chunk));
    child.stderr.on('data', (chunk) => (result.stderr += chunk));
    const limit = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ ...result, code: code ?? 137 });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** One cluster as kubectl and Helm see it. */
export class Client {
  constructor(cluster, bin) {
    this.bin = bin;
    this.cluster = cluster;
    const home = join(cluster.folder, 'home');
    mkdirSync(home, { recursive: true });
    this.env = {
      PATH: process.env.PATH,
      HOME: home,
      KUBECONFIG: cluster.kubeconfig,
      HELM_CACHE_HOME: join(home, 'helm-cache'),
      HELM_CONFIG_HOME: join(home, 'helm-config'),
      HELM_DATA_HOME: join(home, 'helm-data'),
    };
  }

  /** Runs kubectl; throws with its words where it fails. */
  async kubectl(args, options = {}) {
    const result = await run(this.bin.kubectl, args, { env: this.env, ...options });
    if (result.code !== 0 && !options.mayFail) throw new CommandFailed(`kubectl ${args.join(' ')}`, result);
    return options.mayFail ? result : result.stdout;
  }

  /** What kubectl says as JSON. */
  async get(...args) {
    return JSON.parse(await this.kubectl(['get', '-o', 'json', ...args]));
  }

  /** Applies objects. */
  async apply(objects, ...args) {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [objects].flat() });
    return this.kubectl(['apply', '--server-side', '--force-conflicts', ...args, '-f', '-'], { input });
  }

  /** Runs Helm 4 (or 3); throws with its words where it fails. */
  async helm(args, { major = 4, mayFail = false, limitSeconds } = {}) {
    const binary = major === 4 ? this.bin.helm : this.bin.helm3;
    const result = await run(binary, args, { env: this.env, ...(limitSeconds ? { limitSeconds } : {}) });
    if (result.code !== 0 && !mayFail) throw new CommandFailed(`helm ${args.slice(0, 3).join(' ')}`, result);
    return mayFail ? result : result.stdout;
  }

  /** A fresh namespace with that Pod Security level enforced. */
  async namespace(name, level = 'restricted') {
    const labels = {
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/enforce-version': 'latest',
    };
    await this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await this.until(`the service account of ${name}`, () => this.kubectl(['-n', name, 'get', 'sa', 'default']));
    return name;
  }

  /** Writes a file that lives as long as the cluster. */
  file(name, text) {
    const path = join(this.cluster.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Asks until the answer is neither an error nor false. */
  async until(words, ask, limitSeconds = 60) {
    const end = Date.now() + limitSeconds * 1000;
    let last;
    do {
      try {
        const answer = await ask();
        if (answer !== false) return answer;
        last = undefined;
      } catch (error) {
        last = error;
      }
      await sleep(250);
    } while (Date.now() < end);
    throw new Error(`${words}: not within ${limitSeconds} s${last ? `; ${last.message}` : ''}`);
  }
}
