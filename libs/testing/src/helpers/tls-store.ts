import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findServer, freePort, s3Region, startMinio, type S3Credentials } from '@conclave/servers';
import { certificate } from '../harness/certificate.js';
import { onFileEnd } from '../harness/cleanup.js';
import { temporaryFolder } from '../harness/folder.js';
import { randomSecret } from '../harness/random.js';

/** A store that speaks TLS. */
export interface TlsStore {
  /** `https://localhost:…` */
  readonly endpoint: string;
  readonly region: string;
  readonly root: S3Credentials;
  /** The certificate that has to be believed. */
  readonly ca: string;
}

/** A MinIO of one's own behind a certificate that no authority has signed. It ends with the file. */
export async function testTlsStore(): Promise<TlsStore> {
  const folder = temporaryFolder('tls-store');
  onFileEnd(() => folder.remove());
  const certificates = join(folder.path, 'certificates');
  await mkdir(certificates);
  const { cert, key } = await certificate();
  await writeFile(join(certificates, 'public.crt'), cert);
  await writeFile(join(certificates, 'private.key'), key, { mode: 0o600 });
  const root = { accessKey: randomSecret(12), secretKey: randomSecret() };
  const running = await startMinio({
    binary: await findServer('minio'),
    dataFolder: join(folder.path, 'data'),
    port: await freePort(),
    root,
    certificates,
  });
  onFileEnd(() => running.process.stop());
  return { endpoint: running.endpoint, region: s3Region, root, ca: cert };
}
