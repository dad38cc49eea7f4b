// Words for what a render holds.

/** How a problem names an object. */
export const nameOf = ({ kind, metadata }) => `${kind}/${metadata?.name}`;

export const byKind = (objects, ...kinds) => objects.filter(({ kind }) => kinds.includes(kind));

/** Where an object lives; the render names the namespace of each. */
export const namespaceOf = (object) => object.metadata.namespace;

const templateOf = (object) => {
  switch (object.kind) {
    case 'Pod':
      return { metadata: object.metadata, spec: object.spec };
    case 'CronJob':
      return object.spec.jobTemplate.spec.template;
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return object.spec.template;
    default:
      return undefined;
  }
};

/** Every pod that the objects would make: labels, spec, and the object it comes from. */
export function podsOf(objects) {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (!template) return [];
    const labels = template.metadata?.labels ?? {};
    return [
      {
        owner: object,
        name: nameOf(object),
        namespace: namespaceOf(object),
        labels,
        annotations: template.metadata?.annotations ?? {},
        component: labels['app.kubernetes.io/component'],
        spec: template.spec,
      },
    ];
  });
}

/** All containers of a pod, those that run first too. */
export const containersOf = (pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];

/** Whether a label selector of Kubernetes takes these labels. An empty one takes all, a missing one none. */
export function selects(selector, labels) {
  if (!selector) return false;
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const expressions = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return values.includes(labels[key]);
      case 'NotIn':
        return !values.includes(labels[key]);
      case 'Exists':
        return key in labels;
      case 'DoesNotExist':
        return !(key in labels);
      default:
        throw new Error(`unknown operator ${operator} in a selector`);
    }
  });
  return exact && expressions;
}
