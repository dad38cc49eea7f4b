import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auth, broadcasts, common, create, subjectOf, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import type { TestPerson } from '@conclave/messaging/testing';
import { freePort, onFileEnd, type TestNats } from '@conclave/testing';

const runSources = new URL('../../../../libs/testing/run-sources.mjs', import.meta.url).href;
const main = fileURLToPath(new URL('../../../gateway/src/main.ts', import.meta.url));

/** The real gateway as a process in front of files; everybody who comes is `person`. After a crash it is there again. */
export async function gatewayProcess(
  nats: TestNats,
  dataPort: number,
  person: TestPerson,
): Promise<{ readonly port: number; readonly origin: string; endSession(): void; crash(): Promise<void> }> {
  const asAuth = await Bus.connect({ url: nats.url, seed: nats.seeds.auth, service: 'auth' });
  const { resolveSession } = auth.SessionsService.method;
  asAuth.respond(subjectOf(resolveSession), 'auth', (message) => {
    const { userId, sessionId, token: principalToken } = person;
    message.respond(
      toBinary(resolveSession.output, create(resolveSession.output, { principalToken, userId, sessionId })),
    );
  });
  await asAuth.ping();
  const endSession = (): void => {
    const revoked = create(common.SessionRevokedSchema, { userId: person.userId, sessionIds: [person.sessionId] });
    asAuth.publish(broadcasts.credentialRevoked, toBinary(common.SessionRevokedSchema, revoked));
  };
  const webRoot = await mkdtemp(join(tmpdir(), 'conclave-web-'));
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><cv-root ngCspNonce="__CSP_NONCE__"></cv-root>');
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const start = () =>
    spawn(process.execPath, ['--conditions=@conclave/source', '--import', runSources, main], {
      env: {
        ...{ PATH: process.env['PATH'] ?? '', PUBLIC_URL: origin, LOG_LEVEL: 'info', WEB_ROOT: webRoot },
        ...{ INTERNAL_HOST: '127.0.0.1', INTERNAL_PORT: '0', HOST: '127.0.0.1', PORT: String(port) },
        ...{ NATS_URL: nats.url, NATS_NKEY_SEED: nats.seeds.gateway, LIVEKIT_URL: 'http://127.0.0.1:9' },
        FILES_URL: `http://127.0.0.1:${dataPort}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let child = start();
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  onFileEnd(async () => {
    await end();
    await asAuth.close();
    await rm(webRoot, { recursive: true, force: true });
  });
  const answers = async (): Promise<void> => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))) {
      if (child.exitCode !== null) throw new Error(`the gateway did not start:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await answers();
  return {
    port,
    origin,
    endSession,
    crash: async () => {
      await end();
      child = start();
      await answers();
    },
  };
}
