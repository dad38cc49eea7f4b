/**
 * A1: how long a wrong password takes at an address that nobody has, against one that somebody has. Whoever could tell the two
 * apart would learn who has an account. Real Postgres and NATS, the auth service as it runs, asked over the bus as the gateway asks.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { auth } from '@conclave/contracts';
import { Bus, createClient } from '@conclave/messaging';
import { testDatabase, testNats, tidyUp } from '@conclave/testing';

const main = fileURLToPath(new URL('../../services/auth/dist/main.js', import.meta.url));
/** Wrong passwords of one round; an account meets only two of them, so that no throttle sets in. */
const attempts = 12;
const attemptsPerAccount = 2;
const people = 150;

let addresses = 0;
const freshAddress = () => `198.51.${100 + Math.floor(++addresses / 250)}.${addresses % 250}`;

async function startAuth(close) {
  const [nats, database] = await Promise.all([testNats(), testDatabase('auth')]);
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const env = {
    PATH: process.env.PATH,
    ...{ INTERNAL_HOST: '127.0.0.1', INTERNAL_PORT: '0', PUBLIC_URL: 'http://localhost:8080', LOG_LEVEL: 'info' },
    ...{ NATS_URL: nats.url, NATS_NKEY_SEED: nats.seeds.auth, SIGNING_KEY: pem },
    ...{ DATABASE_URL: database.url, DATABASE_PASSWORD: database.password },
    TOKEN_PEPPER: randomBytes(32).toString('base64'),
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  close.push(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  await new Promise((resolve, reject) => {
    let log = '';
    child.stdout.on('data', (text) => {
      log += text;
      if (log.includes('"message":"ready"')) resolve();
    });
    child.once('exit', () => reject(new Error(`auth did not start: ${log}`)));
  });
  const bus = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
  close.push(() => bus.close());
  return { accounts: createClient(auth.AccountsService, bus), sessions: createClient(auth.SessionsService, bus) };
}

async function prepare() {
  const tasks = [tidyUp];
  const close = async () => {
    for (const task of tasks.reverse()) await task();
  };
  try {
    const { accounts, sessions } = await startAuth(tasks);
    const known = [];
    for (let at = 0; at < people; at += 1) {
      const email = `${randomUUID()}@berg-partner.example`;
      const password = randomUUID();
      await accounts.createAccount({
        email,
        password,
        displayName: 'Bench',
        userAgent: 'x',
        clientAddress: freshAddress(),
      });
      known.push(email);
    }
    const wrongAt = async (email) => {
      const request = { email, password: 'wrong guess', userAgent: 'x', clientAddress: freshAddress() };
      const reason = await sessions.createSession(request).then(
        () => 'no refusal',
        (error) => error.reason,
      );
      if (reason !== 'CREDENTIALS_WRONG') throw new Error(`a wrong password ended in ${reason}`);
    };
    let asked = 0;
    const nextKnown = () => {
      const email = known[Math.floor(asked++ / attemptsPerAccount)];
      if (!email) throw new Error('more rounds than accounts: make more people');
      return email;
    };
    const round = (address) => async () => {
      const started = performance.now();
      for (let at = 0; at < attempts; at += 1) await wrongAt(address());
      return (performance.now() - started) / attempts;
    };
    const unknown = { label: 'an address that nobody has', round: round(() => `${randomUUID()}@berg-partner.example`) };
    const somebody = { label: "somebody's address", round: round(nextKnown) };
    return {
      facts: { attempts },
      ratios: [
        { name: 'no account to an account', unit: 'ms', ours: unknown, peer: somebody, goal: { atMost: 1.1 } },
        { name: 'an account to no account', unit: 'ms', ours: somebody, peer: unknown, goal: { atMost: 1.1 } },
      ],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export default { id: 'A1', title: 'A wrong password, with and without an account', prepare };
