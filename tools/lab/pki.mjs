// Who is who at an API server of ours: the keys that sign service accounts, tokens, and the kubeconfigs that carry them.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes `pki/` with the pair of keys that signs and proves the tokens of service accounts. */
export function writeServiceAccountKeys(folder) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  mkdirSync(join(folder, 'pki'));
  writeFileSync(join(folder, 'pki/sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'pki/sa.pub'), publicKey);
}

/** Writes the API server's list of tokens. `users`: name -> the rest of its line (user, id, groups). Answers name -> token. */
export function writeTokens(folder, users) {
  const tokens = Object.fromEntries(Object.keys(users).map((name) => [name, randomBytes(24).toString('base64url')]));
  const lines = Object.entries(users).map(([name, rest]) => `${tokens[name]},${rest}\n`);
  writeFileSync(join(folder, 'tokens.csv'), lines.join(''), { mode: 0o600 });
  return tokens;
}

/** A kubeconfig for a token; the certificate the API server made for itself serves as its own authority. */
export function writeKubeconfig(folder, name, server, token) {
  const path = join(folder, `${name}.conf`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority': join(folder, 'pki/apiserver.crt') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: name } }],
    'current-context': 'lab',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
