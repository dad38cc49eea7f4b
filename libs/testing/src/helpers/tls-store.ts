import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findServer, freePort, s3Region, startMinio, type S3Credentials } from '@conclave/servers';
import * as x509 from '@peculiar/x509';
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

const day = 24 * 60 * 60 * 1000;

/** A certificate for localhost that signs itself. */
async function certificate(): Promise<{ cert: string; key: string }> {
  // Node's types know a use of keys more than those of browsers, which journeys are checked with.
  x509.cryptoProvider.set(webcrypto as never);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Store of a test',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    signingAlgorithm: algorithm,
    keys: keys as unknown as x509.X509CertificateCreateSelfSignedParams['keys'],
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: `${made.toString('pem')}\n`, key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
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
