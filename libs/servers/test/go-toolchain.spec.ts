import { createServer, type Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchGo, goToolchain, hashOf, usableGo } from '../src/find/go-toolchain.js';
import { unzip } from '../src/find/unzip.js';

const prefix = 'golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64/';
/** An archive as the proxy serves it, with `bin/go` and `VERSION` in it. */
const archive = Buffer.from(
  'UEsDBBQAAAAAAAAAIQDiUFxjIwAAACMAAAA3AAAAZ29sYW5nLm9yZy90b29sY2hhaW5AdjAuMC4xLWdvMS4yNi44LmxpbnV4LWFtZDY0L2Jpbi9nbyMhL2Jpbi9zaAplY2hvIGdvIHZlcnNpb24gZ28xLjI2LjgKUEsDBBQAAAAAAAAAIQDg8kovCQAAAAkAAAA4AAAAZ29sYW5nLm9yZy90b29sY2hhaW5AdjAuMC4xLWdvMS4yNi44LmxpbnV4LWFtZDY0L1ZFUlNJT05nbzEuMjYuOApQSwECFAMUAAAAAAAAACEA4lBcYyMAAAAjAAAANwAAAAAAAAAAAAAAgAEAAAAAZ29sYW5nLm9yZy90b29sY2hhaW5AdjAuMC4xLWdvMS4yNi44LmxpbnV4LWFtZDY0L2Jpbi9nb1BLAQIUAxQAAAAAAAAAIQDg8kovCQAAAAkAAAA4AAAAAAAAAAAAAACAAXgAAABnb2xhbmcub3JnL3Rvb2xjaGFpbkB2MC4wLjEtZ28xLjI2LjgubGludXgtYW1kNjQvVkVSU0lPTlBLBQYAAAAAAgACAMsAAADXAAAAAAA=',
  'base64',
);
/** One whose entry climbs out of its folder. */
const climbing = Buffer.from(
  'UEsDBBQAAAAAAAAAIQCDFtyMAQAAAAEAAAA9AAAAZ29sYW5nLm9yZy90b29sY2hhaW5AdjAuMC4xLWdvMS4yNi44LmxpbnV4LWFtZDY0Ly4uLy4uL2VzY2FwZXhQSwECFAMUAAAAAAAAACEAgxbcjAEAAAABAAAAPQAAAAAAAAAAAAAAgAEAAAAAZ29sYW5nLm9yZy90b29sY2hhaW5AdjAuMC4xLWdvMS4yNi44LmxpbnV4LWFtZDY0Ly4uLy4uL2VzY2FwZVBLBQYAAAAAAQABAGsAAABcAAAAAAA=',
  'base64',
);

function restore(name: 'XDG_CACHE_HOME' | 'GOPROXY', value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

describe('the Go toolchain where no `go` is on PATH', () => {
  let folder: string;
  let server: Server;
  const asked: string[] = [];
  const before = { cache: process.env['XDG_CACHE_HOME'], proxy: process.env['GOPROXY'] };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-go-'));
    asked.length = 0;
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env['XDG_CACHE_HOME'] = folder;
    process.env['GOPROXY'] = `off,http://127.0.0.1:${(server.address() as AddressInfo).port}/,direct`;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
    restore('XDG_CACHE_HOME', before.cache);
    restore('GOPROXY', before.proxy);
  });

  it('is asked of the module proxy, and refused and removed when it is not the pinned one', async () => {
    await expect(fetchGo()).rejects.toThrow(/has the hash h1:\S+, wanted is h1:/);
    expect(asked).toEqual([expect.stringMatching(/^\/golang\.org\/toolchain\/@v\/v0\.0\.1-go1\.26\.8\.\S+\.zip$/)]);
    expect(readdirSync(join(folder, 'conclave', 'servers'))).toEqual([]);
  });

  it('is unpacked with the hash that go.sum would hold', async () => {
    const zip = join(folder, 'good.zip');
    writeFileSync(zip, archive);
    const files = await unzip(zip, join(folder, 'out'), prefix);
    expect(readFileSync(join(folder, 'out', 'VERSION'), 'utf8')).toBe('go1.26.8\n');
    expect(hashOf(files)).toBe('h1:J05wmQk9s7p8NAvW8LsLJp8kcVzjuaRYO692b1gN/HU=');
  });

  it('is not unpacked beside its folder', async () => {
    const zip = join(folder, 'climbing.zip');
    writeFileSync(zip, climbing);
    await expect(unzip(zip, join(folder, 'out'), prefix)).rejects.toThrow();
    expect(readdirSync(folder)).not.toContain('escape');
  });

  it('is not fetched where a `go` can fetch what it lacks by itself; an older one does not count', async () => {
    const says = (words: string): void =>
      writeFileSync(join(folder, 'go'), `#!/bin/sh\necho 'go version ${words} linux/amd64'\n`, { mode: 0o755 });
    says('go1.21.0');
    expect(await usableGo(folder)).toBe(join(folder, 'go'));
    says('go1.20.14');
    expect(await usableGo(folder)).toBeNull();
    expect(await usableGo(join(folder, 'nothing'))).toBeNull();
  });

  it('is pinned for every platform that the packages are locked for', () => {
    for (const platform of ['linux-amd64', 'linux-arm64', 'darwin-arm64'])
      expect(goToolchain.hashes[platform]).toMatch(/^h1:[A-Za-z0-9+/]{43}=$/);
  });
});
