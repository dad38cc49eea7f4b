// One release of the chart on the lab's API server, and what can be asked about it.
import { createHash } from 'node:crypto';

/** Helm's options for undoing a failed change differ between the two. */
const undo = { 3: '--atomic', 4: '--rollback-on-failure' };

/** Helm ends by itself; a minute more, and it hangs. */
const limitOf = (timeout) => parseInt(timeout, 10) + 60;

/** A release: its name, namespace, values files and settings. */
export class Release {
  constructor(client, { name, namespace, chart, values = [], set = [], major = 4 }) {
    Object.assign(this, { client, name, namespace, chart, values, set, major });
  }

  #args(extra = []) {
    return [
      ...['--namespace', this.namespace],
      ...this.values.flatMap((file) => ['--values', file]),
      ...[...this.set, ...extra].flatMap((each) => ['--set', each]),
    ];
  }

  install({ set = [], timeout = '120s', mayFail = false } = {}) {
    const args = ['install', this.name, this.chart, '--wait', '--timeout', timeout, ...this.#args(set)];
    return this.client.helm(args, { major: this.major, mayFail, limitSeconds: limitOf(timeout) });
  }

  upgrade({ set = [], timeout = '120s', mayFail = false, undoOnFailure = false, args: more = [] } = {}) {
    const args = ['upgrade', this.name, this.chart, '--wait', '--timeout', timeout, ...this.#args(set), ...more];
    if (undoOnFailure) args.push(undo[this.major]);
    // A change that is undone takes its time twice.
    return this.client.helm(args, { major: this.major, mayFail, limitSeconds: 2 * limitOf(timeout) });
  }

  rollback(revision, { timeout = '120s' } = {}) {
    const args = ['rollback', this.name, String(revision), '--namespace', this.namespace];
    const limitSeconds = limitOf(timeout);
    return this.client.helm([...args, '--wait', '--timeout', timeout], { major: this.major, limitSeconds });
  }

  uninstall() {
    const args = ['uninstall', this.name, '--namespace', this.namespace, '--wait', '--timeout', '120s'];
    return this.client.helm(args, { major: this.major });
  }

  test({ mayFail = false } = {}) {
    const args = ['test', this.name, '--namespace', this.namespace, '--timeout', '120s'];
    return this.client.helm(args, { major: this.major, mayFail });
  }

  async history() {
    const text = await this.client.helm(['history', this.name, '--namespace', this.namespace, '-o', 'json'], {
      major: this.major,
    });
    return JSON.parse(text);
  }

  /** Revision and state of what is installed. */
  async status() {
    const last = (await this.history()).find(({ status }) => status === 'deployed');
    return last ? { revision: last.revision, status: last.status } : undefined;
  }

  /** Every Secret of the namespace, as a hash of its bytes by name; Helm's own notes are left out. */
  async secrets() {
    const { items } = await this.client.get('-n', this.namespace, 'secrets');
    return Object.fromEntries(
      items
        .filter(({ type }) => !type.startsWith('helm.sh/') && type !== 'kubernetes.io/service-account-token')
        .map(({ metadata, data = {} }) => [
          metadata.name,
          createHash('sha256')
            .update(JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))))
            .digest('hex'),
        ]),
    );
  }

  /** What the cluster would run, without what changes by itself; equal before and after a change that was undone. */
  async workloads() {
    const { items } = await this.client.get('-n', this.namespace, 'deployments,statefulsets,daemonsets');
    return Object.fromEntries(
      items.map(({ kind, metadata, spec }) => [`${kind}/${metadata.name}`, JSON.stringify(spec.template)]),
    );
  }

  /** Waits until every pod is ready: an HPA goes on changing their number after Helm is done. */
  settled() {
    return this.client.until(`${this.name}: every pod ready`, async () => {
      const unready = await this.unready();
      if (unready.length) throw new Error(`not ready: ${unready.join(', ')}`);
    });
  }

  /** Deployments and StatefulSets whose pods are not all ready. */
  async unready() {
    const { items } = await this.client.get('-n', this.namespace, 'deployments,statefulsets');
    return items
      .filter(({ spec, status }) => (status.readyReplicas ?? 0) < (spec.replicas ?? 1))
      .map(({ metadata }) => metadata.name);
  }
}
