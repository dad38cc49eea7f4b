// The release that the node lab works on, and what can be asked of its pods.
import { Release } from '../kubernetes/release.mjs';
import { settings } from './chart.mjs';

/** A release in real pods. */
export class LabRelease extends Release {
  constructor(client, facts) {
    super(client, { ...facts, set: settings });
  }

  async isThere() {
    return (await this.status().catch(() => undefined)) !== undefined;
  }

  kubectl(args, options) {
    return this.client.kubectl(['-n', this.namespace, ...args], options);
  }

  /** The pods of a component (all where none is named) that are not on their way out. */
  async pods(component) {
    const selector = component ? ['-l', `app.kubernetes.io/component=${component}`] : [];
    const { items } = await this.client.get('-n', this.namespace, 'pods', ...selector);
    return items.filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  /** Pods of Deployments and StatefulSets: what runs, without Jobs and tests. */
  async running() {
    return (await this.pods()).filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ kind }) => kind === 'ReplicaSet' || kind === 'StatefulSet'),
    );
  }

  /** Runs a program of Node inside the first pod of a component. */
  exec(component, script) {
    return this.kubectl(['exec', `deployment/conclave-${component}`, '-c', component, '--', 'node', '-e', script]);
  }

  /** Whether the pods of a component are ready, one for each. */
  async readiness(component) {
    return (await this.pods(component)).map(({ status }) =>
      Boolean(status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')),
    );
  }

  /** Restarts of containers by pod. */
  async restarts() {
    return Object.fromEntries(
      (await this.running()).map(({ metadata, status }) => [
        metadata.name,
        (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
      ]),
    );
  }

  /** Addresses behind a Service that are sent requests. */
  async readyAddresses(service) {
    const { items } = await this.client.get(
      ...['-n', this.namespace, 'endpointslices', '-l', `kubernetes.io/service-name=conclave-${service}`],
    );
    return items.flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions.ready));
  }

  async clusterIp(service) {
    return (await this.client.get('-n', this.namespace, 'service', `conclave-${service}`)).spec.clusterIP;
  }

  /** What a pod that does not come up says, for failed checks. */
  async words() {
    const pods = await this.pods();
    const parts = [];
    for (const { metadata, status } of pods) {
      const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
      if (
        status.phase === 'Succeeded' ||
        (all.length && all.every((each) => each.ready || each.state.terminated?.exitCode === 0))
      )
        continue;
      parts.push(
        `${metadata.name}: ${status.phase} ${all.map((each) => `${each.name} ${JSON.stringify(each.state)} restarts ${each.restartCount}`).join('; ')}`,
      );
      for (const container of all) {
        const log = await this.kubectl(['logs', metadata.name, '-c', container.name, '--tail=8'], { mayFail: true });
        if (log.stdout) parts.push(log.stdout.trimEnd().replace(/^/gm, `  ${container.name}| `));
      }
    }
    const events = await this.kubectl(
      [
        'get',
        'events',
        '--field-selector=type=Warning',
        '--sort-by=.lastTimestamp',
        '-o',
        'custom-columns=O:.involvedObject.name,R:.reason,M:.message',
        '--no-headers',
      ],
      { mayFail: true },
    );
    return [...parts, ...events.stdout.trimEnd().split('\n').slice(-12)].join('\n');
  }
}
