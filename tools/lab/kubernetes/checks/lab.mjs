// The lab itself: what later checks rely on must be seen to work, or they would pass for nothing.
import { readdirSync } from 'node:fs';
import { expect } from '../../report.mjs';

const rootPod = (name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name, image: 'anything:1' }] },
});

/** Applies the CRDs and looks whether admission and nodes do their work. */
export async function labChecks({ client, report, crds }) {
  const ready = await report.check('CRDs of other projects are established', async () => {
    await client.kubectl(['apply', '--server-side', '-f', crds]);
    await client.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    return `${readdirSync(crds).length} CRDs`;
  });
  const admitted = await report.check('a pod that is not restricted is refused where Pod Security is', async () => {
    const namespace = await client.namespace('lab-restricted');
    const refused = await client.kubectl(['-n', namespace, 'apply', '-f', '-'], {
      input: JSON.stringify(rootPod('root')),
      mayFail: true,
    });
    expect(refused.code !== 0 && /violates PodSecurity "restricted/.test(refused.stderr), refused.stderr);
  });
  const runs = await report.check('a pod whose image is missing never gets ready, another does', async () => {
    const namespace = await client.namespace('lab-baseline', 'baseline');
    for (const [name, image] of [
      ['missing', 'anything:no-such-tag'],
      ['there', 'anything:1'],
    ]) {
      const pod = rootPod(name);
      pod.spec.containers[0].image = image;
      await client.apply({ ...pod, metadata: { name, namespace } });
    }
    await client.kubectl(['-n', namespace, 'wait', '--for=condition=Ready', 'pod/there', '--timeout=30s']);
    const pod = await client.until('ErrImagePull', async () => {
      const found = await client.get('-n', namespace, 'pod', 'missing');
      return found.status.containerStatuses?.[0].state.waiting?.reason === 'ErrImagePull' && found;
    });
    expect(pod.status.phase === 'Pending', `phase is ${pod.status.phase}`);
  });
  return ready && admitted && runs;
}
