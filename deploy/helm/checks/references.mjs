import { byKind, containersOf, nameOf, namespaceOf, podsOf, selects } from './objects.mjs';

/** Where a Secret can come from: the render, the secrets Job's plan, cert-manager, External Secrets, or the operator. */
export function knownSecrets(objects, declared) {
  const known = new Map();
  const add = (namespace, name, keys) => {
    const id = `${namespace}/${name}`;
    known.set(id, keys === '*' || known.get(id) === '*' ? '*' : new Set([...(known.get(id) ?? []), ...keys]));
  };
  for (const secret of byKind(objects, 'Secret')) {
    add(namespaceOf(secret), secret.metadata.name, Object.keys({ ...secret.data, ...secret.stringData }));
  }
  for (const map of byKind(objects, 'ConfigMap').filter(({ data }) => data?.['plan.json'])) {
    for (const { name, keys } of JSON.parse(map.data['plan.json']).secrets) {
      add(
        namespaceOf(map),
        name,
        keys.map((key) => key.name),
      );
    }
  }
  for (const certificate of byKind(objects, 'Certificate')) {
    add(namespaceOf(certificate), certificate.spec.secretName, ['tls.crt', 'tls.key', 'ca.crt']);
  }
  for (const external of byKind(objects, 'ExternalSecret')) {
    const { target, data = [], dataFrom = [] } = external.spec;
    const keys = dataFrom.length ? '*' : data.map(({ secretKey }) => secretKey);
    add(namespaceOf(external), target?.name ?? external.metadata.name, keys);
  }
  // cert-manager fills the Secrets of an annotated Ingress.
  for (const ingress of byKind(objects, 'Ingress')) {
    const annotations = Object.keys(ingress.metadata.annotations ?? {});
    if (!annotations.some((key) => key.startsWith('cert-manager.io/'))) continue;
    for (const { secretName } of ingress.spec.tls ?? []) add(namespaceOf(ingress), secretName, ['tls.crt', 'tls.key']);
  }
  for (const { namespace, name, keys } of declared) add(namespace, name, keys);
  return known;
}

/** Every Secret and ConfigMap a pod names, with the keys it names. */
export function referencesOf(pod) {
  const found = [];
  const add = (kind, name, keys, optional) => !optional && found.push({ kind, name, keys });
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.secret) {
      add(
        'Secret',
        volume.secret.secretName,
        (volume.secret.items ?? []).map(({ key }) => key),
        volume.secret.optional,
      );
    }
    if (volume.configMap) {
      add(
        'ConfigMap',
        volume.configMap.name,
        (volume.configMap.items ?? []).map(({ key }) => key),
        volume.configMap.optional,
      );
    }
    for (const { secret, configMap } of volume.projected?.sources ?? []) {
      if (secret)
        add(
          'Secret',
          secret.name,
          (secret.items ?? []).map(({ key }) => key),
          secret.optional,
        );
      if (configMap)
        add(
          'ConfigMap',
          configMap.name,
          (configMap.items ?? []).map(({ key }) => key),
          configMap.optional,
        );
    }
  }
  for (const container of containersOf(pod)) {
    for (const { valueFrom } of container.env ?? []) {
      const { secretKeyRef: secret, configMapKeyRef: map } = valueFrom ?? {};
      if (secret) add('Secret', secret.name, [secret.key], secret.optional);
      if (map) add('ConfigMap', map.name, [map.key], map.optional);
    }
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      if (secretRef) add('Secret', secretRef.name, [], secretRef.optional);
      if (configMapRef) add('ConfigMap', configMapRef.name, [], configMapRef.optional);
    }
  }
  for (const { name } of pod.spec.imagePullSecrets ?? []) add('Secret', name, []);
  return found;
}

function podProblems(pod, objects, secrets, maps) {
  const problems = [];
  for (const { kind, name, keys } of referencesOf(pod)) {
    const held = (kind === 'Secret' ? secrets : maps).get(`${pod.namespace}/${name}`);
    if (held === undefined) problems.push(`${pod.name} needs ${kind} ${name}, which nobody makes or declares`);
    else if (held !== '*') {
      for (const key of keys.filter((each) => !held.has(each))) {
        problems.push(`${pod.name} needs key ${key} of ${kind} ${name}, which has ${[...held].join(', ') || 'none'}`);
      }
    }
  }
  const volumes = new Set([
    ...(pod.spec.volumes ?? []).map(({ name }) => name),
    ...(pod.owner.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
  ]);
  for (const container of containersOf(pod)) {
    for (const { name } of container.volumeMounts ?? []) {
      if (!volumes.delete(name) && ![...(pod.spec.volumes ?? [])].some((volume) => volume.name === name)) {
        if (!(pod.owner.spec.volumeClaimTemplates ?? []).some(({ metadata }) => metadata.name === name)) {
          problems.push(`${pod.name}, container ${container.name} mounts ${name}, which is no volume`);
        }
      }
    }
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const port = container[probe]?.httpGet?.port ?? container[probe]?.tcpSocket?.port;
      if (typeof port === 'string' && !(container.ports ?? []).some(({ name }) => name === port)) {
        problems.push(`${pod.name}, container ${container.name}: ${probe} asks port ${port}, which has no number`);
      }
    }
  }
  for (const name of volumes) problems.push(`${pod.name} has a volume ${name} that nobody mounts`);
  const account = pod.spec.serviceAccountName;
  if (account && account !== 'default') {
    const made = byKind(objects, 'ServiceAccount').some(
      (each) => each.metadata.name === account && namespaceOf(each) === pod.namespace,
    );
    if (!made) problems.push(`${pod.name} runs as ServiceAccount ${account}, which is not there`);
  }
  return problems;
}

function serviceProblems(service, pods) {
  const { selector, ports = [], type } = service.spec;
  if (type === 'ExternalName' || !selector) return [];
  const targets = pods.filter(
    (pod) => pod.namespace === namespaceOf(service) && selects({ matchLabels: selector }, pod.labels),
  );
  if (targets.length === 0) return [`${nameOf(service)} selects no pod`];
  const components = new Set(targets.map(({ component }) => component));
  if (components.size > 1) return [`${nameOf(service)} selects pods of ${[...components].join(' and ')}`];
  return targets.flatMap((pod) =>
    ports
      .filter(({ targetPort, port, protocol = 'TCP' }) => {
        const wanted = targetPort ?? port;
        return !pod.spec.containers.some((container) =>
          (container.ports ?? []).some(
            (each) => (each.name === wanted || each.containerPort === wanted) && (each.protocol ?? 'TCP') === protocol,
          ),
        );
      })
      .map(({ name }) => `${nameOf(service)}: port ${name} leads to no port of ${pod.name}`),
  );
}

function routeProblems(objects, services) {
  const has = (namespace, name, port) =>
    services.some(
      (service) =>
        service.metadata.name === name &&
        namespaceOf(service) === namespace &&
        service.spec.ports.some((each) => each.port === port || each.name === port),
    );
  const problems = [];
  for (const ingress of byKind(objects, 'Ingress')) {
    for (const rule of ingress.spec.rules ?? []) {
      for (const { backend } of rule.http?.paths ?? []) {
        const port = backend.service.port.number ?? backend.service.port.name;
        if (!has(namespaceOf(ingress), backend.service.name, port)) {
          problems.push(`${nameOf(ingress)} leads to ${backend.service.name}:${port}, which is not there`);
        }
      }
    }
  }
  for (const route of byKind(objects, 'HTTPRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute')) {
    for (const { backendRefs = [] } of route.spec.rules ?? []) {
      for (const { name, namespace, port } of backendRefs) {
        if (!has(namespace ?? namespaceOf(route), name, port)) {
          problems.push(`${nameOf(route)} leads to ${name}:${port}, which is not there`);
        }
      }
    }
  }
  return problems;
}

function selectorProblems(objects, pods, services) {
  const problems = [];
  for (const budget of byKind(objects, 'PodDisruptionBudget', 'PodMonitor')) {
    if (!pods.some((pod) => selects(budget.spec.selector, pod.labels))) {
      problems.push(`${nameOf(budget)} selects no pod`);
    }
  }
  for (const monitor of byKind(objects, 'ServiceMonitor')) {
    const found = services.filter((service) => selects(monitor.spec.selector, service.metadata.labels ?? {}));
    if (found.length === 0) problems.push(`${nameOf(monitor)} selects no Service`);
    for (const { port } of monitor.spec.endpoints) {
      if (found.length && !found.some((service) => service.spec.ports.some(({ name }) => name === port))) {
        problems.push(`${nameOf(monitor)} scrapes port ${port}, which no Service has`);
      }
    }
  }
  for (const scaler of byKind(objects, 'HorizontalPodAutoscaler', 'ScaledObject')) {
    const { kind = 'Deployment', name } = scaler.spec.scaleTargetRef;
    const target = byKind(objects, kind).find(({ metadata }) => metadata.name === name);
    if (!target) problems.push(`${nameOf(scaler)} scales ${kind}/${name}, which is not there`);
    else if (target.spec.replicas !== undefined) {
      problems.push(
        `${nameOf(target)} names replicas though ${nameOf(scaler)} scales it: every upgrade would reset them`,
      );
    }
  }
  for (const set of byKind(objects, 'StatefulSet')) {
    if (!services.some(({ metadata }) => metadata.name === set.spec.serviceName)) {
      problems.push(`${nameOf(set)} names Service ${set.spec.serviceName}, which is not there`);
    }
  }
  for (const workload of byKind(objects, 'Deployment', 'StatefulSet', 'DaemonSet')) {
    if (!selects(workload.spec.selector, workload.spec.template.metadata.labels)) {
      problems.push(`${nameOf(workload)} does not select its own pods`);
    }
    const others = byKind(objects, 'Deployment', 'StatefulSet', 'DaemonSet', 'Job').filter((each) => each !== workload);
    for (const other of others) {
      if (selects(workload.spec.selector, other.spec.template.metadata?.labels ?? {})) {
        problems.push(`${nameOf(workload)} selects pods of ${nameOf(other)}`);
      }
    }
  }
  return problems;
}

function bindingProblems(objects) {
  return byKind(objects, 'RoleBinding').flatMap((binding) => {
    const role = byKind(objects, binding.roleRef.kind).some(({ metadata }) => metadata.name === binding.roleRef.name);
    const strangers = binding.subjects.filter(
      ({ kind, name }) => !byKind(objects, kind).some(({ metadata }) => metadata.name === name),
    );
    return [
      ...(role ? [] : [`${nameOf(binding)} gives ${binding.roleRef.name}, which is not there`]),
      ...strangers.map(({ name }) => `${nameOf(binding)} gives rights to ${name}, which is not there`),
    ];
  });
}

/**
 * Names that lead nowhere: Secrets, ConfigMaps and their keys, volumes, ports, Services, selectors, accounts. `declared`
 * lists what the operator brings: {namespace, name, keys ('*' for any)}.
 */
export function referenceProblems(objects, { declared = [], declaredMaps = [] } = {}) {
  const pods = podsOf(objects);
  const services = byKind(objects, 'Service');
  const secrets = knownSecrets(objects, declared);
  const maps = new Map([
    ...byKind(objects, 'ConfigMap').map((map) => [
      `${namespaceOf(map)}/${map.metadata.name}`,
      new Set(Object.keys({ ...map.data, ...map.binaryData })),
    ]),
    ...declaredMaps.map(({ namespace, name, keys }) => [`${namespace}/${name}`, keys === '*' ? '*' : new Set(keys)]),
  ]);
  return [
    ...pods.flatMap((pod) => podProblems(pod, objects, secrets, maps)),
    ...services.flatMap((service) => serviceProblems(service, pods)),
    ...routeProblems(objects, services),
    ...selectorProblems(objects, pods, services),
    ...bindingProblems(objects),
  ];
}
