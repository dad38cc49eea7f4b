import { byKind, containersOf, nameOf, podsOf } from './objects.mjs';

const secretName =
  /(PASSWORD|SECRET|SEED|PEPPER|TOKEN|CREDENTIAL|PRIVATE|ACCESS_KEY|API_KEY|SIGNING_KEY|HOP_TOKEN_KEY)/i;

/** What only a credential looks like: keys in PEM, seeds of nkeys, addresses with a password, values that everybody knows. */
const looks = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\bS[UAONC][A-Z2-7]{56}\b/, 'a seed of an nkey'],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:[^\s/@"'{}$]+@/i, 'an address with a password'],
  [/\b(minioadmin|devkey|changeme|s3cr3t|postgres:postgres)\b/i, 'a value that everybody knows'],
  [/\b(?=[A-Za-z0-9+/]*[0-9])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{43}=/, '32 bytes in base64'],
];

function strings(value, path = '') {
  if (typeof value === 'string') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => strings(each, path ? `${path}.${key}` : key));
}

/** Credentials that lie where they may be read: in a ConfigMap, an environment, an argument, an annotation. */
export function secretProblems(objects) {
  const problems = [];
  for (const object of objects.filter(({ kind }) => kind !== 'Secret')) {
    for (const [path, text] of strings(object)) {
      const found = looks.find(([pattern]) => pattern.test(text));
      if (found) problems.push(`${nameOf(object)}: ${path} holds ${found[1]}`);
    }
  }
  for (const pod of podsOf(objects)) {
    for (const container of containersOf(pod)) {
      for (const { name, value, valueFrom } of container.env ?? []) {
        const isPath = /_(FILE|DIR)$/.test(name) || /^\/\S+$/.test(value ?? '');
        if (secretName.test(name) && !isPath && !valueFrom && value) {
          problems.push(`${pod.name}, container ${container.name}: ${name} stands in the environment as it is`);
        }
      }
    }
  }
  // A Secret of the chart would change with every render, or be known to everybody.
  for (const secret of byKind(objects, 'Secret')) {
    const keys = Object.keys({ ...secret.data, ...secret.stringData });
    if (keys.length) problems.push(`${nameOf(secret)} is rendered with ${keys.join(', ')}: values hold no credentials`);
  }
  return problems;
}
