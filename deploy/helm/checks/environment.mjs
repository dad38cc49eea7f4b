// The environment that the chart gives a service, held against what the service itself reads and against what the
// product is started with everywhere else.
import { podsOf } from './objects.mjs';

/** Keys that the runtime or a library reads, not a service's own schema. */
const runtime = new Set(['NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'PGSSLMODE', 'NODE_OPTIONS', 'UV_THREADPOOL_SIZE', 'TZ']);
const isRuntime = (key) => runtime.has(key) || key.startsWith('OTEL_');

const stem = (key) => key.replace(/_FILE$/, '');

/** The environment of a service's own container, by service. */
export function environmentsOf(objects, services) {
  const found = new Map();
  for (const pod of podsOf(objects).filter(({ owner }) => owner.kind === 'Deployment')) {
    if (!services.includes(pod.component)) continue;
    const [container] = pod.spec.containers;
    found.set(pod.component, new Map((container.env ?? []).map(({ name, value }) => [name, value])));
  }
  return found;
}

/**
 * What is wrong with a service's environment: keys it does not know, keys it needs and does not get, values that its
 * schema refuses. `shape` is the schema's keys, `local` what the product sets elsewhere, `accepts` parses one key.
 */
export function environmentProblems(service, environment, { known, local, accepts }) {
  const problems = [];
  const has = (key) => environment.has(key) || environment.has(`${key}_FILE`);
  for (const key of environment.keys()) {
    if (!known.includes(key) && !known.includes(stem(key)) && !isRuntime(key)) {
      problems.push(`${service} is given ${key}, which it does not read`);
    }
  }
  for (const key of local) {
    if (!has(stem(key)) && !environment.has(key))
      problems.push(`${service} is not given ${key}, as it is everywhere else`);
  }
  for (const [key, value] of environment) {
    // What lies in a file is read at boot; the lab has no files.
    if (!known.includes(key) || (key.endsWith('_FILE') && known.includes(stem(key)))) continue;
    const refusal = accepts(key, value);
    if (refusal) problems.push(`${service} refuses ${key}=${value}: ${refusal}`);
  }
  return problems;
}
