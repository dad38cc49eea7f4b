import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const days = 24 * 60 * 60 * 1000;

/** This machine's addresses on local networks, the likeliest first. */
export function lanAddresses(): string[] {
  const rank = (address: string): number => {
    if (address.startsWith('192.168.')) return 0;
    if (address.startsWith('10.')) return 1;
    return 2;
  };
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === 'IPv4' && !entry.internal && !entry.address.startsWith('169.254.'))
    .map((entry) => entry.address)
    .sort((a, b) => rank(a) - rank(b));
}

/** The address that others on the network reach us at: the asked one if it is ours, else the likeliest. */
export function lanAddress(asked: string | null): string {
  const addresses = lanAddresses();
  if (asked !== null) {
    if (addresses.includes(asked)) return asked;
    throw new Error(`--address ${asked} is not an address of this machine; it has ${addresses.join(', ') || 'none'}`);
  }
  const [first] = addresses;
  if (!first) throw new Error('--lan: this machine has no address on a local network');
  return first;
}

/** Files of a certificate and its key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Whether a certificate is good for this address for another week. */
export function stillGood(pem: string, address: string, now: Date = new Date()): boolean {
  try {
    const certificate = new x509.X509Certificate(pem);
    const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
    const fresh = certificate.notAfter.getTime() - now.getTime() > 7 * days;
    return fresh && names.some(({ type, value }) => type === 'ip' && value === address);
  } catch {
    return false;
  }
}

/** A certificate that signs itself: P-256, a year, this machine's address and names. */
export async function makeCertificate(address: string, now: Date = new Date()): Promise<{ cert: string; key: string }> {
  x509.cryptoProvider.set(webcrypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Conclave on this network',
    notBefore: new Date(now.getTime() - days),
    notAfter: new Date(now.getTime() + 365 * days),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: address },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: hostname() },
      ]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g) ?? [];
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

/** This installation's certificate, made when there is none or it does not fit the address any more. */
export async function ensureCertificate(secretsFolder: string, address: string): Promise<TlsFiles> {
  const folder = join(secretsFolder, 'tls');
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  if (stillGood(await readFile(files.certFile, 'utf8').catch(() => ''), address)) return files;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { cert, key } = await makeCertificate(address);
  await writeFile(files.keyFile, key, { mode: 0o600 });
  await writeFile(files.certFile, cert, { mode: 0o600 });
  return files;
}
