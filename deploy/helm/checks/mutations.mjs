// One way to break a render for every check, and what the check must say then.
import { byKind, containersOf, podsOf } from './objects.mjs';

const deployment = (objects, component) =>
  byKind(objects, 'Deployment').find(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === component);
const podOf = (objects, component) => podsOf(objects).find((pod) => pod.component === component);
const policy = (objects, component) =>
  byKind(objects, 'NetworkPolicy').find(
    ({ spec }) => spec.podSelector.matchLabels?.['app.kubernetes.io/component'] === component,
  );
const secretVolume = (pod) => pod.spec.volumes.find(({ projected }) => projected);

/** `check` of run.mjs, the case whose copy is broken, what is broken, how, and the words that must come. */
export const mutations = [
  {
    check: 'labels, names and namespaces',
    breaks: 'an object lacks a label',
    change: (objects) => delete objects[0].metadata.labels['app.kubernetes.io/part-of'],
    says: /has no label app\.kubernetes\.io\/part-of/,
  },
  {
    check: 'labels, names and namespaces',
    breaks: 'a label is a number',
    change: (objects) => (objects[0].metadata.labels['app.kubernetes.io/instance'] = 123),
    says: /is a number/,
  },
  {
    check: 'labels, names and namespaces',
    breaks: 'an object is in another namespace',
    change: (objects) => (objects[0].metadata.namespace = 'kube-system'),
    says: /is in namespace kube-system/,
  },
  {
    check: 'environment names are unique',
    breaks: 'a variable is set twice',
    change: (objects) => podOf(objects, 'rooms').spec.containers[0].env.push({ name: 'LOG_LEVEL', value: 'debug' }),
    says: /LOG_LEVEL is set twice/,
  },
  {
    check: 'pods are restricted',
    breaks: 'a container may write its root',
    change: (objects) => (podOf(objects, 'files').spec.containers[0].securityContext.readOnlyRootFilesystem = false),
    says: /root file system can be written/,
  },
  {
    check: 'pods are restricted',
    breaks: 'a pod mounts a token',
    change: (objects) => delete podOf(objects, 'auth').spec.automountServiceAccountToken,
    says: /mounts a token/,
  },
  {
    check: 'long-running pods have three probes',
    breaks: 'liveness asks for readiness',
    change: (objects) => (podOf(objects, 'auth').spec.containers[0].livenessProbe.httpGet.path = '/readyz'),
    says: /restarted when a dependency is away/,
  },
  {
    check: 'every reference resolves',
    breaks: 'a Secret has another name',
    change: (objects) => (secretVolume(podOf(objects, 'rooms')).projected.sources[0].secret.name = 'misspelt'),
    says: /needs Secret misspelt/,
  },
  {
    check: 'every reference resolves',
    breaks: 'a key of a Secret is missing',
    change: (objects) => (secretVolume(podOf(objects, 'rooms')).projected.sources[0].secret.items[0].key = 'misspelt'),
    says: /needs key misspelt/,
  },
  {
    check: 'every reference resolves',
    of: 'evaluation',
    breaks: "a key is missing in the secrets Job's plan",
    change: (objects) => {
      const map = byKind(objects, 'ConfigMap').find(({ data }) => data['plan.json']);
      const plan = JSON.parse(map.data['plan.json']);
      plan.secrets.find(({ name }) => name.endsWith('-kek')).keys = [];
      map.data['plan.json'] = JSON.stringify(plan);
    },
    says: /needs key v1 of Secret .*kek/,
  },
  {
    check: 'every reference resolves',
    breaks: 'a Service selects nobody',
    change: (objects) => (byKind(objects, 'Service')[0].spec.selector['app.kubernetes.io/component'] = 'nobody'),
    says: /selects no pod/,
  },
  {
    check: 'every reference resolves',
    breaks: 'a Service leads to a port that is not open',
    change: (objects) => (byKind(objects, 'Service')[0].spec.ports[0].targetPort = 'nowhere'),
    says: /leads to no port/,
  },
  {
    check: 'every reference resolves',
    of: 'everything on',
    breaks: 'an HPA meets a number of replicas',
    change: (objects) => {
      for (const scaler of byKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject')) {
        const target = byKind(objects, 'Deployment').find(
          ({ metadata }) => metadata.name === scaler.spec.scaleTargetRef.name,
        );
        target.spec.replicas = 2;
      }
    },
    says: /every upgrade would reset/,
  },
  {
    check: 'no credential outside of Secrets',
    breaks: 'a password stands in the environment',
    change: (objects) =>
      podOf(objects, 'rooms').spec.containers[0].env.push({ name: 'DATABASE_PASSWORD', value: 'correct horse' }),
    says: /DATABASE_PASSWORD stands in the environment/,
  },
  {
    check: 'no credential outside of Secrets',
    breaks: 'an address holds a password',
    change: (objects) => {
      const env = podOf(objects, 'rooms').spec.containers[0].env.find(({ name }) => name === 'DATABASE_URL');
      env.value = env.value.replace('@', ':pass@');
    },
    says: /an address with a password/,
  },
  {
    check: 'no credential outside of Secrets',
    breaks: 'a Secret is rendered',
    change: (objects) =>
      objects.push({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'x', namespace: 'meetings' },
        stringData: { password: 'x' },
      }),
    says: /is rendered with password/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'there are none',
    change: (objects) => {
      for (let i = objects.length - 1; i >= 0; i--) if (objects[i].kind === 'NetworkPolicy') objects.splice(i, 1);
    },
    says: /no NetworkPolicies/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'a policy takes everybody in',
    change: (objects) => (policy(objects, 'auth').spec.ingress = [{}]),
    says: /-> auth:.* is let through, and the port table does not declare it/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'a policy lets everything out',
    change: (objects) => policy(objects, 'gateway').spec.egress.push({}),
    says: /gateway -> .* is let through/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'a way that is needed is shut',
    change: (objects) => (policy(objects, 'files').spec.ingress = []),
    says: /gateway -> files:data\/TCP is refused, though the port table declares it/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'names cannot be looked up',
    change: (objects) => {
      for (const each of byKind(objects, 'NetworkPolicy')) {
        each.spec.egress = (each.spec.egress ?? []).filter(({ ports = [] }) => !ports.some(({ port }) => port === 53));
      }
    },
    says: /so it finds nobody/,
  },
  {
    check: 'network policies equal the port table',
    breaks: 'a container opens a port that is not in the table',
    change: (objects) => containersOf(podOf(objects, 'auth'))[0].ports.push({ name: 'debug', containerPort: 9229 }),
    says: /opens port debug/,
  },
  {
    check: 'pods are restricted',
    breaks: 'a service uses the network of the host',
    change: (objects) => (deployment(objects, 'gateway').spec.template.spec.hostNetwork = true),
    says: /uses the host's network/,
  },
];
