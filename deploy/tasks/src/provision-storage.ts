import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError, parseConfig, secret, url } from '@conclave/platform';
import { ensureBucket, ensureBucketUser, isWellKnown } from '@conclave/servers';
import { z } from 'zod';
import { runTask } from './run-task.js';

const schema = z.object({
  S3_ENDPOINT: url(),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  /** The user that files works as; made here with rights on this bucket alone. */
  S3_ACCESS_KEY: secret(3),
  S3_SECRET_KEY: secret(16),
  MINIO_ROOT_USER: secret(3),
  MINIO_ROOT_PASSWORD: secret(16),
});

const waitMs = 120_000;

await runTask(async () => {
  const config = parseConfig(schema, process.env);
  const known = (['S3_SECRET_KEY', 'MINIO_ROOT_USER', 'MINIO_ROOT_PASSWORD'] as const).find((k) =>
    isWellKnown(config[k]),
  );
  if (known) throw new OperatorError(`${known} holds a value that everybody knows; give it a new one.`);
  const minio = {
    endpoint: config.S3_ENDPOINT,
    root: { accessKey: config.MINIO_ROOT_USER.trim(), secretKey: config.MINIO_ROOT_PASSWORD.trim() },
  };
  await waitForStore(config.S3_ENDPOINT);
  try {
    await ensureBucket(minio, config.S3_BUCKET);
    const user = { accessKey: config.S3_ACCESS_KEY.trim(), secretKey: config.S3_SECRET_KEY.trim() };
    await ensureBucketUser(minio, config.S3_BUCKET, user);
  } catch (cause) {
    const [what = ''] = /MinIO answered \d+ to [^:]*/.exec(String(cause)) ?? [];
    throw new OperatorError(`The object store refused: ${what || 'no answer'}. Are root user and password its own?`, {
      cause,
    });
  }
  process.stdout.write(`bucket ${config.S3_BUCKET} and its user are there\n`);
});

async function waitForStore(endpoint: string): Promise<void> {
  const end = Date.now() + waitMs;
  for (;;) {
    const answer = await fetch(new URL('/minio/health/cluster', endpoint), { signal: AbortSignal.timeout(3000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    if (Date.now() > end)
      throw new OperatorError(`The object store at ${endpoint} is not ready after ${waitMs / 1000} s.`);
    await sleep(500);
  }
}
