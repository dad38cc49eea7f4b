import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { OperatorError, type PreflightCheck } from '@conclave/platform';
import type { Config } from '../config.js';

type TlsConfig = Pick<Config, 'TLS_CERT_FILE' | 'TLS_KEY_FILE' | 'PUBLIC_URL'>;

const day = 86_400_000;

/** Whether certificate and key belong together, to the public address, and to today. */
export const tlsCheck = (config: TlsConfig, now: () => number = Date.now): PreflightCheck => ({
  name: 'tls',
  run: async () => {
    const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, PUBLIC_URL } = config;
    if (!certFile && !keyFile) return 'ended in front of the gateway';
    if (!certFile || !keyFile) throw new OperatorError('TLS_CERT_FILE and TLS_KEY_FILE go together; one is missing.');
    const read = (file: string): Promise<string> =>
      readFile(file, 'utf8').catch((cause: unknown) => {
        throw new OperatorError(`${file} cannot be read.`, { cause });
      });
    const certificate = parse(certFile, await read(certFile), (pem) => new X509Certificate(pem));
    const key = parse(keyFile, await read(keyFile), createPrivateKey);
    if (!certificate.checkPrivateKey(key)) throw new OperatorError(`${keyFile} is not the key of ${certFile}.`);
    const { hostname } = new URL(PUBLIC_URL);
    if (!certificate.checkHost(hostname) && !certificate.checkIP(hostname))
      throw new OperatorError(`${certFile} is not a certificate for ${hostname}, the host of PUBLIC_URL.`);
    const left = Math.floor((Date.parse(certificate.validTo) - now()) / day);
    if (left < 0) throw new OperatorError(`${certFile} has expired; renew it.`);
    return `certificate for ${hostname}, good for ${left} days`;
  },
});

function parse<T>(file: string, pem: string, read: (pem: string) => T): T {
  try {
    return read(pem);
  } catch {
    // What OpenSSL says may quote the key.
    throw new OperatorError(`${file} is no PEM that can be read.`);
  }
}
