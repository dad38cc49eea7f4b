import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, serviceEnvironment, type ProductPorts } from '@conclave/servers';
import { auditCheck, auditEnvironment } from '../src/audit-check.js';
import { AlreadyRunning, claim, recover } from '../src/claim.js';
import { openInstallation } from '../src/installation.js';
import { ensureCertificate, stillGood } from '../src/lan.js';
import { asJson } from '../src/log-files.js';
import { readOptions, UsageError } from '../src/options.js';
import { requirePort } from '../src/public-port.js';
import { reset, ResetRefused } from '../src/reset.js';
import { known, takeStock, writeState } from '../src/run-state.js';
import { notRunning, status } from '../src/status.js';
import { readable } from '../src/screen.js';

describe('the local installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-local-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lies in a folder that only its owner may enter', () => {
    const { folder: home, logs } = openInstallation(folder);
    expect([home, logs].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it('is run by one process at a time', () => {
    const installation = openInstallation(folder);
    const release = claim(installation);
    expect(() => claim(installation)).toThrow(AlreadyRunning);
    release();
    claim(installation)();
  });

  it('is free again when its supervisor was killed, also if the process id is somebody else’s now', async () => {
    const installation = openInstallation(folder);
    writeFileSync(installation.lockFile, JSON.stringify({ name: 'supervisor', pid: process.pid, startedAt: '1' }));
    claim(installation)();
    const stranger = { ...known('rooms', process.pid), startedAt: '1' };
    const supervisor = known('supervisor', 0);
    writeState(installation.stateFile, {
      supervisor,
      url: '',
      mailbox: '',
      since: '',
      ready: true,
      processes: [stranger],
    });
    expect(await recover(installation)).toBe(0);
  });

  it('is deleted only by somebody who means it', async () => {
    const installation = openInstallation(folder);
    mkdirSync(join(installation.folder, 'data'));
    await expect(reset(installation, false)).rejects.toThrow(ResetRefused);
    await reset(installation, true);
    expect(() => statSync(installation.folder)).toThrow('ENOENT');
  });

  it('gets a certificate for the address it is reached at, once', async () => {
    const files = await ensureCertificate(folder, '192.168.7.9');
    const { readFileSync } = await import('node:fs');
    const pem = readFileSync(files.certFile, 'utf8');
    const certificate = new X509Certificate(pem);
    expect(certificate.checkIP('192.168.7.9')).toBe('192.168.7.9');
    expect(certificate.checkIP('192.168.7.10')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
    await ensureCertificate(folder, '192.168.7.9');
    expect(readFileSync(files.certFile, 'utf8')).toBe(pem);
    expect(stillGood(pem, '192.168.7.10')).toBe(false);
    expect(stillGood(pem, '192.168.7.9', new Date(Date.now() + 360 * 24 * 3600 * 1000))).toBe(false);
  });
});

describe('the audit trail of a local installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-local-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is not looked at where nothing runs, and says so', async () => {
    const said: string[] = [];
    expect(await auditCheck(openInstallation(folder), (line) => void said.push(line))).toBe(3);
    expect(said.join()).toContain('npm start');
  });

  it('is read under each service’s own role, from its database, with the password that the service reads', () => {
    const installation = openInstallation(folder);
    const env = auditEnvironment(installation, 5433);
    const facts = {
      ports: { postgres: 5433 } as ProductPorts,
      secretFile: (name: string) => join(installation.folder, 'secrets', name),
      publicUrl: '',
      publicHost: '',
      publicPort: 0,
      webRoot: '',
    };
    for (const service of ['auth', 'rooms', 'files'] as const) {
      const own = serviceEnvironment(service, facts);
      for (const key of ['DATABASE_URL', 'DATABASE_PASSWORD_FILE'])
        expect(env[`${service.toUpperCase()}_${key}`]).toBe(own[key]);
    }
  });
});

describe('the status of a local installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-local-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('names what should run and does not, with its reason, and is not well then', async () => {
    const installation = openInstallation(folder);
    const said: string[] = [];
    const print = (line: string) => void said.push(line);
    expect(await status(installation, print)).toBe(notRunning);
    const supervised = [
      { name: 'postgres', pid: process.pid, restarts: 0, trouble: null },
      { name: 'minio', pid: null, restarts: 3, trouble: 'was ended by SIGKILL' },
    ];
    const stock = takeStock(supervised, () => 5432);
    const state = { supervisor: known('supervisor', process.pid), url: 'http://localhost:1', since: '', ready: true };
    writeState(installation.stateFile, { ...state, ...stock });
    expect(await status(installation, print)).toBe(1);
    expect(said).toContainEqual(expect.stringMatching(/^ {2}minio +down +was ended by SIGKILL; .* 3 times/));
    writeState(installation.stateFile, { ...state, ...takeStock(supervised.slice(0, 1), () => 5432) });
    expect(await status(installation, print)).toBe(0);
  });
});

describe('a port that is taken', () => {
  it('is told with its holder and the option that changes it', async () => {
    const port = await freePort();
    const server = await new Promise<Server>((resolve) => {
      const one = createServer().listen(port, '127.0.0.1', () => resolve(one));
    });
    const words = new RegExp(`Port ${port} is taken by process ${process.pid} .*--port ${port + 1}`);
    await expect(requirePort(port, '127.0.0.1')).rejects.toThrow(words);
    await new Promise((resolve) => server.close(resolve));
    await requirePort(port, '127.0.0.1');
  });
});

describe('the command line', () => {
  it('starts on 8080, on the local network on 8443', () => {
    expect(readOptions([])).toMatchObject({ command: 'start', port: 8080, lan: false });
    expect(readOptions(['start', '--lan'])).toMatchObject({ port: 8443, lan: true });
    expect(readOptions(['--port', '9000', '--lan'])).toMatchObject({ port: 9000 });
  });

  it('starts one of everything, or as many as it is told', () => {
    expect(readOptions([])).toMatchObject({ replicas: 1, mediaNodes: 1 });
    expect(readOptions(['--replicas', '2', '--media-nodes', '3'])).toMatchObject({ replicas: 2, mediaNodes: 3 });
  });

  it.each([
    [['--replicas', '0']],
    [['--replicas', '1.5']],
    [['--media-nodes', '9']],
    [['--port', '0']],
    [['--port', 'x']],
    [['stop']],
    [['--prot', '1']],
    [['--address', '10.0.0.1']],
  ])('refuses %j', (argv) => expect(() => readOptions(argv)).toThrow(UsageError));
});

describe('logs', () => {
  it('are JSON in the files, whatever a server writes', () => {
    expect(JSON.parse(asJson('nats', 'Server is "ready"'))).toMatchObject({
      service: 'nats',
      msg: 'Server is "ready"',
    });
    expect(asJson('rooms', '{"level":"info"}')).toBe('{"level":"info"}');
  });

  it('are words on the screen', () => {
    expect(readable('{"level":"warn","message":"feed waits","error":{"message":"no rooms"}}')).toBe(
      'warn  feed waits: no rooms',
    );
    expect(readable('not json')).toBe('not json');
  });
});
