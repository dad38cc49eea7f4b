// NetworkPolicies as a cluster would apply them: may this end speak to that end on this port? And the same question asked
// of the port table, for every pair there is: what the policies allow and what the table declares must be one and the same.
import { BlockList } from 'node:net';
import { byKind, namespaceOf, podsOf, selects } from './objects.mjs';

const inBlock = ({ cidr, except = [] }, ip) => {
  const [address, bits] = cidr.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return block.check(ip, 'ipv4') && !except.some((inner) => inBlock({ cidr: inner }, ip));
};

function isPeer(peer, end, policyNamespace) {
  if (peer.ipBlock) return inBlock(peer.ipBlock, end.ip);
  // Selectors match pods in the pod network only: the host's own network has no labels.
  if (!end.pod || end.hostNetwork) return false;
  const namespaceFits = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === policyNamespace;
  return namespaceFits && (!peer.podSelector || selects(peer.podSelector, end.labels));
}

function isPort(rule, { port, protocol, names }) {
  if (protocol !== (rule.protocol ?? 'TCP')) return false;
  if (rule.port === undefined) return true;
  if (typeof rule.port === 'string') return names.includes(rule.port);
  return rule.endPort ? port >= rule.port && port <= rule.endPort : port === rule.port;
}

function passes(policies, direction, own, other, target) {
  // Policies do not touch what is outside of the cluster or in the host's network.
  if (!own.pod || own.hostNetwork) return true;
  const kind = direction === 'egress' ? 'Egress' : 'Ingress';
  const mine = policies.filter(
    (policy) =>
      namespaceOf(policy) === own.namespace &&
      policy.spec.policyTypes.includes(kind) &&
      selects(policy.spec.podSelector, own.labels),
  );
  if (mine.length === 0) return true;
  return mine.some((policy) =>
    (policy.spec[direction] ?? []).some((rule) => {
      const peers = direction === 'egress' ? rule.to : rule.from;
      const peerFits = !peers?.length || peers.some((peer) => isPeer(peer, other, namespaceOf(policy)));
      return peerFits && (!rule.ports?.length || rule.ports.some((each) => isPort(each, target)));
    }),
  );
}

/** Whether one end reaches another under these policies. */
export const reaches = (policies, from, to, target) =>
  passes(policies, 'egress', from, to, target) && passes(policies, 'ingress', to, from, target);

/** Ends beside the pods of the release; the values of the cases name these addresses and namespaces. */
export const outside = {
  ingress: { name: 'ingress', pod: true, namespace: 'ingress', labels: {}, ip: '10.40.0.2' },
  monitoring: { name: 'monitoring', pod: true, namespace: 'monitoring', labels: {}, ip: '10.40.0.3' },
  neighbour: {
    name: 'a pod beside the release',
    pod: true,
    namespace: 'meetings',
    labels: { app: 'x' },
    ip: '10.40.0.4',
  },
  stranger: {
    name: 'a pod of another namespace',
    pod: true,
    namespace: 'other',
    labels: { app: 'x' },
    ip: '10.40.0.5',
  },
  internet: { name: 'the internet', pod: false, ip: '203.0.113.9' },
  postgres: { name: 'postgres', pod: false, ip: '10.20.0.5' },
  nats: { name: 'nats', pod: false, ip: '10.20.0.6' },
  redis: { name: 'redis', pod: false, ip: '10.20.0.7' },
  minio: { name: 'minio', pod: false, ip: '10.20.0.8' },
  livekit: { name: 'livekit', pod: false, ip: '10.20.0.9' },
  otlp: { name: 'otlp', pod: false, ip: '10.20.0.10' },
  kubernetes: { name: 'kubernetes', pod: false, ip: '10.20.0.11' },
  copies: { name: 'copies', pod: false, ip: '10.20.0.12' },
  dns: { name: 'dns', pod: true, namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, ip: '10.40.0.53' },
};

const nodeIp = '10.30.0.4';

/** One end for every component of a render. */
function endsOf(objects) {
  const ends = new Map();
  for (const pod of podsOf(objects)) {
    const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
    ends.set(pod.name, {
      name: pod.component,
      pod: true,
      hostNetwork: pod.spec.hostNetwork === true,
      namespace: pod.namespace,
      labels: pod.labels,
      ip: pod.spec.hostNetwork ? nodeIp : '10.40.1.1',
      ports: ports.map(({ name, containerPort, protocol = 'TCP' }) => ({ name, port: containerPort, protocol })),
    });
  }
  return [...ends.values()];
}

/** Where a flow may go that leads out of the release, with the port it goes to. */
function outsidePorts(table, values) {
  const of = (component, name) => table.listeners[component][name].port;
  return {
    postgres: [values.database?.port ?? of('postgres', 'postgres')],
    nats: [of('nats', 'client')],
    redis: [of('redis', 'redis')],
    minio: values.ports?.objectStorage ?? [of('minio', 's3')],
    livekit: values.ports?.livekit ?? [of('livekit', 'http')],
    otlp: values.ports?.otlp ?? [4318],
    kubernetes: [443, 6443],
    copies: [9443],
  };
}

/**
 * Pairs for which policies and table disagree. `known` says what this case's values leave open: `anybodyIngress` (no
 * ingressFrom), `monitoring` (monitoringFrom is given), `open` (kinds of outside servers that any address stands for),
 * `ports` of outside servers, `tracing`, `copies` (backups are made).
 */
export function networkProblems(objects, table, known) {
  const policies = byKind(objects, 'NetworkPolicy');
  const ends = endsOf(objects);
  const components = new Set(ends.map(({ name }) => name));
  const declared = (from, to, port) =>
    table.flows.some((flow) => flow.from === from && flow.to === to && (flow.port === undefined || flow.port === port));
  const problems = [];
  const ask = (from, to, target, wish, why) => {
    if (from === to) return;
    const wanted = Boolean(wish);
    const allowed = reaches(policies, from, to, { names: [], protocol: 'TCP', ...target });
    if (allowed === wanted) return;
    const words = `${from.name} -> ${to.name}:${target.names?.[0] ?? target.port}/${target.protocol ?? 'TCP'}`;
    problems.push(`${words} is ${allowed ? 'let through' : 'refused'}, ${why}`);
  };
  const byTable = (wanted) => (wanted ? 'though the port table declares it' : 'and the port table does not declare it');

  for (const to of ends.filter((end) => !end.hostNetwork)) {
    for (const { name, port, protocol } of to.ports) {
      const target = { port, protocol, names: [name] };
      const inTable = table.listeners[to.name]?.[name] !== undefined;
      if (!inTable && to.name !== 'livekit')
        problems.push(`${to.name} opens port ${name}, which the port table does not name`);
      for (const from of ends) {
        const wanted = inTable && declared(from.name, to.name, name);
        ask(from, to, target, wanted, byTable(wanted));
      }
      // Media comes from browsers, wherever they are.
      const media = !inTable && to.name === 'livekit';
      const people = declared('ingress', to.name, name);
      ask(outside.ingress, to, target, people || media, byTable(people || media));
      const scraped = declared('monitoring', to.name, name) && known.monitoring;
      const fromMonitoring = scraped || (people && known.anybodyIngress) || media;
      ask(outside.monitoring, to, target, fromMonitoring, byTable(fromMonitoring));
      for (const stranger of [outside.neighbour, outside.stranger, outside.internet]) {
        const wanted = (people && known.anybodyIngress) || media;
        ask(stranger, to, target, wanted, byTable(wanted));
      }
    }
  }
  const ports = outsidePorts(table, known);
  const optional = { otlp: Boolean(known.tracing), copies: Boolean(known.copies) };
  for (const from of ends.filter((end) => !end.hostNetwork)) {
    for (const [kind, numbers] of Object.entries(ports)) {
      const leaves = optional[kind] ?? !components.has(kind);
      for (const port of numbers) {
        const wanted = leaves && declaredOut(table, from.name, kind);
        ask(from, outside[kind], { port }, wanted, byTable(wanted));
      }
    }
    ask(from, outside.internet, { port: 25 }, false, 'and nothing of ours speaks to the world');
    ask(from, outside.neighbour, { port: 8080 }, false, 'and it is none of ours');
    for (const protocol of ['UDP', 'TCP']) {
      const speaks = [...table.flows].some((flow) => flow.from === from.name);
      if (speaks) ask(from, outside.dns, { port: 53, protocol }, true, 'so it finds nobody');
    }
  }
  if (policies.length === 0) problems.push('there are no NetworkPolicies at all');
  return problems;
}

const declaredOut = (table, from, to) => table.flows.some((flow) => flow.from === from && flow.to === to);
