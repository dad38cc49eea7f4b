import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { baseEnvironment, httpOk, isFree, freePort, ManagedProcess, type RunningProduct } from '@conclave/servers';
import { exportNats } from './nats-figures.js';
import { minioToken, scrapeConfig } from './scrape-config.js';

/** What the observer needs. */
export interface ObserveOptions {
  readonly checkout: string;
  /** The installation; configuration and samples of Prometheus lie in it. */
  readonly folder: string;
  readonly product: RunningProduct;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** Prometheus beside the product. */
export interface Observer {
  /** Address of its page of targets and alerts. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The port that everybody knows it by, where it is free. */
const usualPort = 9090;

/** Prints the path of a Prometheus: installed, unpacked or built. */
async function findPrometheus(checkout: string, signal?: AbortSignal): Promise<string> {
  const script = join(checkout, 'tools/lab/prometheus.mjs');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [script, 'prometheus'], { ...(signal ? { signal } : {}) });
  return stdout.trim();
}

/** Starts Prometheus on loopback with our rules, asking every process of the product; resolves when it is ready. */
export async function startObserving(options: ObserveOptions): Promise<Observer> {
  const { checkout, folder, product, signal, onLine } = options;
  const binary = await findPrometheus(checkout, signal);
  const run = join(folder, 'run', 'prometheus');
  const data = join(folder, 'data', 'prometheus');
  for (const path of [run, data]) await mkdir(path, { recursive: true, mode: 0o700 });
  const nats = await exportNats(product.ports.natsMonitor);
  const minioTokenFile = join(run, 'minio-token');
  await writeFile(minioTokenFile, minioToken(product.secrets.minioRoot, new Date()), { mode: 0o600 });
  const config = join(run, 'prometheus.json');
  const consoles = join(checkout, 'deploy/observability/consoles');
  const facts = {
    ports: product.ports,
    processes: product.processes.map(({ name }) => name),
    natsPort: nats.port,
    ruleFiles: [join(checkout, 'deploy/helm/conclave/files/alerts/*.yaml')],
    minioTokenFile,
  };
  await writeFile(config, scrapeConfig(facts), { mode: 0o600 });
  const port = (await isFree(usualPort)) ? usualPort : await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = new ManagedProcess({
    name: 'prometheus',
    command: binary,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=7d',
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=${url}`,
      // A page that every Prometheus can show: one that was not installed has none of its own.
      `--web.console.templates=${consoles}`,
      `--web.console.libraries=${consoles}`,
    ],
    env: baseEnvironment(),
    killAfterMs: 15_000,
    ...(onLine ? { onLine } : {}),
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    await nats.stop();
  };
  try {
    await child.ready(() => httpOk(`${url}/-/ready`).catch(() => false), 60_000, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `${url}/consoles/conclave.html`, stop };
}
