// kwok runs no container, so the one Job whose work everything else builds on would seem to succeed and leave no Secret.
// This stands in for its kubelet: for every pod of that Job it really runs the committed program of the tasks image, with
// the pod's own plan and a token of the pod's own service account (so that the Role of the chart decides what it may),
// and tells kwok how it ended.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const program = join(root, 'deploy/tasks/dist/secrets-init.js');

const isSecretsInit = (pod) =>
  pod.spec.containers.some((container) => (container.args ?? []).some((arg) => arg.includes('secrets-init')));

function execute(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    child.stdout.on('data', (chunk) => (words += chunk));
    child.stderr.on('data', (chunk) => (words += chunk));
    child.once('error', (error) => resolve({ code: 127, words: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 137, words }));
  });
}

/** Runs the secrets Job's pods of a cluster until it is stopped. */
export class SecretsJobRunner {
  #client;
  #stopped = false;
  #seen = new Set();
  #loop;
  /** What each run said, newest last. */
  runs = [];

  constructor(client) {
    this.#client = client;
    this.#loop = this.#watch();
  }

  async #watch() {
    while (!this.#stopped) {
      try {
        const { items } = await this.#client.get('pods', '-A', '--field-selector=status.phase=Running');
        for (const pod of items.filter((each) => isSecretsInit(each) && !this.#seen.has(each.metadata.uid))) {
          this.#seen.add(pod.metadata.uid);
          await this.#run(pod);
        }
      } catch (error) {
        // The pod may have gone in between; the next round looks again.
        this.runs.push({ code: -1, words: error.message });
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  async #planOf({ metadata, spec }) {
    const volume = spec.volumes.find((each) => each.configMap);
    if (!volume) throw new Error(`pod ${metadata.name} mounts no ConfigMap`);
    const { data } = await this.#client.get('-n', metadata.namespace, 'configmap', volume.configMap.name);
    return data['plan.json'];
  }

  async #run(pod) {
    const { namespace, name, uid } = pod.metadata;
    const folder = join(this.#client.cluster.folder, 'secrets-job', uid);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'plan.json'), await this.#planOf(pod));
    const account = pod.spec.serviceAccountName;
    const token = await this.#client.kubectl(['-n', namespace, 'create', 'token', account]);
    writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
    writeFileSync(join(folder, 'namespace'), namespace);
    copyFileSync(join(this.#client.cluster.folder, 'pki/apiserver.crt'), join(folder, 'ca.crt'));
    const { hostname, port } = new URL(this.#client.cluster.server);
    const run = await execute([program, join(folder, 'plan.json')], {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      SERVICE_ACCOUNT_DIR: folder,
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    });
    this.runs.push({ namespace, account, ...run });
    await this.#client.kubectl(['-n', namespace, 'annotate', 'pod', name, `lab/done=${run.code === 0 ? 0 : 1}`]);
  }

  /** Ends the watch. */
  async stop() {
    this.#stopped = true;
    await this.#loop;
  }
}
