// Copies are made and tried by the CronJobs of the chart, as the handbook says: keys of one's own, another object store, a
// Job that a person starts.
import { expect } from '../../report.mjs';

const store = 'copies';
const bucket = 'copies';

/** What the namespace asks of every container. */
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
const restrictedPod = {
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    fsGroup: 10001,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const keysPod = (image) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'backup-keys' },
  spec: {
    ...restrictedPod,
    restartPolicy: 'Never',
    containers: [
      { name: 'safe', image, args: ['dist/backup-key.js'], securityContext: restricted },
      { name: 'trial', image, args: ['dist/backup-key.js'], securityContext: restricted },
      { name: 'signer', image, args: ['dist/backup-key.js', '--signing'], securityContext: restricted },
    ],
  },
});

/** Another object store with an empty bucket, which is a folder to MinIO. */
const storeObjects = (images, secret) => [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: store, labels: { app: store } },
    spec: {
      ...restrictedPod,
      initContainers: [
        {
          name: 'bucket',
          image: images.tasks,
          args: ['-e', `require('node:fs').mkdirSync('/data/${bucket}')`],
          securityContext: restricted,
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      containers: [
        {
          name: 'minio',
          image: images.minio,
          args: ['server', '--address', ':9000', '/data'],
          env: [
            ...[
              ['MINIO_ROOT_USER', 'access-key'],
              ['MINIO_ROOT_PASSWORD', 'secret-key'],
            ].map(([name, key]) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } })),
            { name: 'HOME', value: '/tmp' },
          ],
          readinessProbe: { httpGet: { path: '/minio/health/cluster', port: 9000 } },
          securityContext: restricted,
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: ['data', 'tmp'].map((name) => ({ name, emptyDir: {} })),
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: store },
    spec: { selector: { app: store }, ports: [{ port: 9000 }] },
  },
];

const line = (text, pattern, what) => {
  const found = pattern.exec(text)?.[1];
  if (!found) throw new Error(`no ${what} in: ${text}`);
  return found;
};

export async function backupChecks({ client, report, release }) {
  const { namespace } = release;
  const apply = (objects) => client.apply(objects, '-n', namespace);
  const secretOf = (name, stringData) =>
    apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData });
  const imageOf = async (kind, pattern) => {
    const { items } = await client.get('-n', namespace, kind);
    const images = items.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image));
    return images.find((image) => pattern.test(image));
  };
  /** Starts a CronJob's Job by hand; its last words, also where it failed. */
  const runNow = async (cronJob) => {
    const job = `${cronJob}-now`;
    await release.kubectl(['create', 'job', `--from=cronjob/conclave-${cronJob}`, job]);
    const { conditions } = await client.until(
      `the end of ${job}`,
      async () => {
        const { status } = await client.get('-n', namespace, 'job', job);
        const over = status.conditions?.some(
          ({ type, status: is }) => /^(Complete|Failed)$/.test(type) && is === 'True',
        );
        return over ? status : false;
      },
      240,
    );
    const log = await release.kubectl(['logs', `job/${job}`, '--tail=20']);
    expect(
      conditions.some(({ type }) => type === 'Complete'),
      `${job} failed: ${log}`,
    );
    return log.trim().split('\n').at(-1);
  };

  const images = {
    tasks: await imageOf('jobs', /\/tasks[:@]/),
    minio: await imageOf('statefulsets', /minio/),
  };
  const keys = {};
  await report.check(
    'keys for copies, made by the image of the tasks: one for the safe, one for the trial, one that signs',
    async () => {
      await apply(keysPod(images.tasks));
      await release.kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/backup-keys', '--timeout=60s']);
      const said = (container) => release.kubectl(['logs', 'backup-keys', '-c', container]);
      const [safe, trial, signer] = [await said('safe'), await said('trial'), await said('signer')];
      keys.safe = line(safe, /^# public key: (age1\S+)$/m, 'recipient');
      keys.trial = line(trial, /^# public key: (age1\S+)$/m, 'recipient');
      keys.identity = line(trial, /^(AGE-SECRET-KEY-\S+)$/m, 'identity');
      keys.signer = line(signer, /^# signer: (signer1\S+)$/m, 'signer');
      keys.signing = line(signer, /^([^#\s]\S*)$/m, 'signing key');
      await release.kubectl(['delete', 'pod', 'backup-keys', '--wait=true']);
    },
  );

  const access = { 'access-key': 'copies-writer', 'secret-key': crypto.randomUUID(), 'signing-key': keys.signing };
  await secretOf('conclave-copies', access);
  await secretOf('conclave-trial', { identity: keys.identity });
  await apply(storeObjects(images, 'conclave-copies'));
  await release.kubectl(['wait', '--for=condition=Ready', `pod/${store}`, '--timeout=90s']);
  await release.upgrade({
    timeout: '400s',
    set: [
      'backup.enabled=true',
      `backup.recipients={${keys.safe},${keys.trial}}`,
      `backup.keys.recipients={${keys.safe}}`,
      `backup.signers={${keys.signer}}`,
      `backup.destination.endpoint=http://${store}:9000`,
      `backup.destination.bucket=${bucket}`,
      'backup.existingSecret=conclave-copies',
      'backup.existingSecretKeys.signingKey=signing-key',
      'backup.restoreTest.enabled=true',
      'backup.restoreTest.suspend=true',
      'backup.restoreTest.existingSecret=conclave-trial',
    ],
  });

  await report.check('a copy by the CronJob: databases, bucket and keys, sealed and signed, in another store', () =>
    runNow('backup'),
  );
  await report.check('a trial by the CronJob: every part of the copy opens and is what was written', () =>
    runNow('restore-test'),
  );

  await release.upgrade({ timeout: '400s' });
  const left = ['pod/copies', 'service/copies', 'secret/conclave-copies', 'secret/conclave-trial'];
  await release.kubectl(['delete', ...left, 'job/backup-now', 'job/restore-test-now', '--ignore-not-found']);
}
