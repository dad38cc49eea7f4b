import { nameOf, podsOf } from './objects.mjs';

const recommended = ['name', 'instance', 'version', 'component', 'part-of', 'managed-by'].map(
  (label) => `app.kubernetes.io/${label}`,
);

/** What lacks a recommended label, a chart label or a namespace; a label whose value is no text is refused by the API server. */
export function labelProblems(objects, { namespace, extraNamespaces = [] }) {
  const problems = [];
  for (const object of objects) {
    const labels = object.metadata.labels ?? {};
    for (const label of [...recommended, 'helm.sh/chart']) {
      if (!labels[label]) problems.push(`${nameOf(object)} has no label ${label}`);
    }
    for (const [key, value] of Object.entries({ ...labels, ...object.metadata.annotations })) {
      if (typeof value !== 'string') problems.push(`${nameOf(object)}: ${key} is a ${typeof value}, not a text`);
    }
    if (![namespace, ...extraNamespaces].includes(object.metadata.namespace)) {
      problems.push(`${nameOf(object)} is in namespace ${object.metadata.namespace}, not in the release's`);
    }
  }
  for (const pod of podsOf(objects)) {
    for (const label of recommended) {
      if (typeof pod.labels[label] !== 'string') problems.push(`pods of ${pod.name} have no label ${label}`);
    }
  }
  const seen = new Map();
  for (const { kind, apiVersion, metadata } of objects) {
    const id = `${apiVersion} ${kind} ${metadata.namespace}/${metadata.name}`;
    if (seen.has(id)) problems.push(`${id} is rendered twice`);
    seen.set(id, true);
  }
  return problems;
}
