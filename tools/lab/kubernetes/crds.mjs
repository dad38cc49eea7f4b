// The CRDs of other projects whose objects the chart can make, as those projects publish them inside their Go modules.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labCache, withLock } from '../go/cache.mjs';

const run = promisify(execFile);

/** Module, its checksum as in a go.sum, and the files in it. */
export const crdSources = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.6.0',
    sum: 'h1:735YBRj5NXFrOGX0GoSjwzUIzbz8kiEOfADsqHFmHgE=',
    folder: 'config/crd/standard',
    files: ['gatewayclasses', 'gateways', 'httproutes', 'tlsroutes', 'referencegrants', 'backendtlspolicies'].map(
      (plural) => `gateway.networking.k8s.io_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    folder: 'example/prometheus-operator-crd',
    files: ['servicemonitors', 'podmonitors', 'prometheusrules', 'probes'].map(
      (plural) => `monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/cert-manager/cert-manager@v1.21.2',
    sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
    folder: 'deploy/crds',
    files: ['certificates', 'issuers', 'clusterissuers'].map((plural) => `cert-manager.io_${plural}.yaml`),
  },
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
    folder: 'config/crds/bases',
    files: ['externalsecrets', 'secretstores', 'clustersecretstores'].map(
      (plural) => `external-secrets.io_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    sum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
    folder: 'config/crd/bases',
    files: ['scaledobjects', 'triggerauthentications'].map((plural) => `keda.sh_${plural}.yaml`),
  },
];

async function copyFrom({ module, sum, folder, files }, into) {
  const work = await mkdtemp(join(tmpdir(), 'conclave-crds-'));
  try {
    const { stdout } = await run('go', ['mod', 'download', '-json', module], {
      cwd: work,
      env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off' },
    });
    const found = JSON.parse(stdout);
    if (found.Sum !== sum) throw new Error(`${module} has the checksum ${found.Sum}, not ${sum}`);
    for (const file of files) await copyFile(join(found.Dir, folder, file), join(into, file));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Folder with the CRDs of all sources; fetched once per set of versions. */
export async function crdFolder(say = () => undefined) {
  const hash = createHash('sha256').update(JSON.stringify(crdSources)).digest('hex').slice(0, 12);
  const target = join(labCache(), `crds-${hash}`);
  if (existsSync(target)) return target;
  return withLock(`crds-${hash}`, async () => {
    if (existsSync(target)) return target;
    const work = await mkdtemp(join(labCache(), '.crds-'));
    await mkdir(work, { recursive: true });
    try {
      for (const source of crdSources) {
        say(`fetching CRDs of ${source.module}`);
        await copyFrom(source, work);
      }
      await rename(work, target);
    } catch (error) {
      await rm(work, { recursive: true, force: true });
      throw error;
    }
    return target;
  });
}
