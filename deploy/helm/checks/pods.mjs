import { containersOf, podsOf } from './objects.mjs';

/** Environment that names a variable twice: Helm 4 applies on the server's side, which refuses that. */
export function environmentNameProblems(objects) {
  return podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap((container) => {
      const names = (container.env ?? []).map(({ name }) => name);
      return names
        .filter((name, index) => names.indexOf(name) !== index)
        .map((name) => `${pod.name}, container ${container.name}: ${name} is set twice`);
    }),
  );
}

const must = (pod, where, condition, words) => (condition ? [] : [`${pod.name}${where}: ${words}`]);

function containerProblems(pod, container) {
  const security = container.securityContext ?? {};
  const where = `, container ${container.name}`;
  return [
    ...must(pod, where, security.readOnlyRootFilesystem === true, 'the root file system can be written'),
    ...must(pod, where, security.allowPrivilegeEscalation === false, 'privileges can grow'),
    ...must(pod, where, security.capabilities?.drop?.includes('ALL'), 'capabilities are not dropped'),
    ...must(pod, where, (security.capabilities?.add ?? []).length === 0, 'capabilities are added'),
    ...must(pod, where, security.privileged !== true, 'is privileged'),
    ...must(pod, where, container.resources?.requests?.memory, 'requests no memory'),
    ...must(pod, where, container.resources?.limits?.memory, 'has no limit of memory'),
  ];
}

/**
 * What the restricted Pod Security level asks for, and more that every pod of ours keeps: no token of the API server unless
 * it needs one, no variables about other Services, nothing written outside of volumes. The media server may use the host's
 * network where its mode says so, and nothing else.
 */
export function podSecurityProblems(objects, { needToken = ['secrets-init'] } = {}) {
  return podsOf(objects).flatMap((pod) => {
    const security = pod.spec.securityContext ?? {};
    const media = pod.component === 'livekit';
    return [
      ...must(pod, '', security.runAsNonRoot === true, 'may run as root'),
      ...must(pod, '', security.runAsUser > 0, 'names no user'),
      ...must(pod, '', security.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile'),
      ...must(pod, '', pod.spec.enableServiceLinks === false, 'gets variables about other Services'),
      ...must(
        pod,
        '',
        needToken.includes(pod.component) || pod.spec.automountServiceAccountToken === false,
        'mounts a token of the API server',
      ),
      ...must(pod, '', media || !pod.spec.hostNetwork, "uses the host's network"),
      ...must(pod, '', !pod.spec.hostPID && !pod.spec.hostIPC, "sees the host's processes"),
      ...must(
        pod,
        '',
        (pod.spec.volumes ?? []).every(
          // A server that keeps its data in its pod (the evaluation profile) must not lose it to a limit.
          ({ name, hostPath, emptyDir }) => !hostPath && (!emptyDir || emptyDir.sizeLimit || name === 'data'),
        ),
        'mounts the host, or an emptyDir without a limit',
      ),
      ...containersOf(pod).flatMap((container) => [
        ...containerProblems(pod, container),
        ...must(
          pod,
          `, container ${container.name}`,
          media || (container.ports ?? []).every(({ hostPort }) => !hostPort),
          "opens a port of the host's",
        ),
      ]),
    ];
  });
}

/** Long-running pods have three probes; liveness never asks about dependencies. */
export function probeProblems(objects) {
  return podsOf(objects)
    .filter(({ owner }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(owner.kind))
    .flatMap((pod) =>
      pod.spec.containers.flatMap((container) => [
        // The media server listens at once or never: it has nothing to load.
        ...[...(pod.component === 'livekit' ? [] : ['startupProbe']), 'readinessProbe', 'livenessProbe'].flatMap(
          (probe) => must(pod, `, container ${container.name}`, container[probe], `has no ${probe}`),
        ),
        ...must(
          pod,
          `, container ${container.name}`,
          container.livenessProbe?.httpGet?.path !== '/readyz',
          'is restarted when a dependency is away: its liveness probe asks for readiness',
        ),
      ]),
    );
}
