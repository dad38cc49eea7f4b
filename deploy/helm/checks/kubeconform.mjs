import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Holds a render against the strict schemas of one version of Kubernetes; returns what does not fit. */
export function kubeconform(binary, text, { version, schemas, crds }) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [
      ...['-strict', '-output', 'json', '-n', '4'],
      ...['-schema-location', join(schemas, `v${version}/{{ .ResourceKind }}{{ .KindSuffix }}.json`)],
      ...['-schema-location', join(crds, '{{ .ResourceKind }}{{ .KindSuffix }}.json')],
    ]);
    let output = '';
    let words = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (words += chunk));
    child.once('error', reject);
    child.once('close', () => {
      try {
        const { resources = [] } = JSON.parse(output);
        resolve(
          resources
            .filter(({ status }) => status !== 'statusValid')
            .map(({ kind, name, msg }) => `Kubernetes ${version}: ${kind}/${name}: ${msg}`),
        );
      } catch {
        reject(new Error(`kubeconform said nothing that can be read: ${words}${output.slice(0, 400)}`));
      }
    });
    child.stdin.end(text);
  });
}
