// What an operator brings to the production profile: the Secrets its values name. Real kinds of values, made at random,
// by the same program that the chart's secrets Job runs.
import { randomBytes } from 'node:crypto';

const secret = (namespace, name, data) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  type: 'Opaque',
  stringData: data,
});

const value = () => randomBytes(32).toString('base64url');

/** Secrets in `namespace` for a list of {name, keys}, as a case of the chart's checks declares them. */
export const broughtSecrets = (namespace, declared) =>
  declared.map(({ name, keys }) =>
    secret(namespace, name, Object.fromEntries((keys === '*' ? ['value'] : keys).map((key) => [key, value()]))),
  );
