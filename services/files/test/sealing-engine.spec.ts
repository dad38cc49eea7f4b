import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onFileEnd, sealingModule } from '@conclave/testing';
import { OperatorError, parseConfig } from '@conclave/platform';
import { configSchema } from '../src/config.js';
import { chooseEngine } from '../src/sealing/choose-engine.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';

/** The module as it would be after an update that did not come along. */
async function moduleOfAnotherVersion(): Promise<string> {
  const file = (await sealingModule()) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'conclave-module-'));
  onFileEnd(() => rmSync(folder, { recursive: true, force: true }));
  const recipe = readFileSync(new URL('../../../libs/sealing-native/Cargo.toml', import.meta.url), 'utf8');
  const version = /^version = "(.*)"$/m.exec(recipe)?.[1] ?? '';
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(version); at >= 0; at = bytes.indexOf(version, at)) bytes.write('0.9.9', at);
  writeFileSync(join(folder, 'other.node'), bytes);
  return join(folder, 'other.node');
}

const withModule = (await sealingModule()) ? it : it.skip;

describe('the engine that seals', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld({ config: { SEALING_MODULE: (await sealingModule()) ?? '' } });
  });

  it('is told by the log and by the metrics', async () => {
    const choice = chooseEngine({ SEALING_ENGINE: 'auto', SEALING_MODULE: (await sealingModule()) ?? '' });
    const { internal } = world.service;
    const metrics = await (await fetch(`http://${internal.host}:${internal.port}/metrics`)).text();
    expect(metrics).toContain(
      `files_sealing_engine_info{engine="${choice.engine}",path="${choice.path}",reason="${choice.reason}"} 1`,
    );
    const line = world.log.find((one) => one.includes('sealing engine chosen'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      engine: `${choice.engine}:${choice.path}`,
      reason: choice.reason,
    });
  });

  const metricsOf = async ({ internal }: FilesWorld['service']): Promise<string> =>
    (await fetch(`http://${internal.host}:${internal.port}/metrics`)).text();

  withModule('is the portable one where the module is of another version: refused, said, and files go on', async () => {
    const before = world.log.length;
    const { service, data } = await world.boot({ config: { SEALING_MODULE: await moduleOfAnotherVersion() } });
    expect(await metricsOf(service)).toContain('engine="portable",path="openssl",reason="other-version"} 1');
    const said = world.log.slice(before).find((line) => line.includes('sealing engine chosen'));
    expect(JSON.parse(said ?? '{}')).toMatchObject({ engine: 'portable:openssl', reason: 'other-version' });
    await sharedThrough(data);
    await service.close();
  });

  it('is the portable one when it is asked for, as on a processor without the instructions', async () => {
    const { service, data } = await world.boot({ config: { SEALING_ENGINE: 'portable' } });
    expect(await metricsOf(service)).toContain('engine="portable",path="openssl",reason="asked-for"} 1');
    await sharedThrough(data);
    await service.close();
  });

  /** What one process seals, the other opens, by whichever engine. */
  const sharedThrough = async (data: FilesWorld['data']): Promise<void> => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const bytes = randomBytes(2_000_000);
    const asked = { slug: room.slug, name: 'a.bin', type: '', size: BigInt(bytes.length) };
    const { fileId, hopToken } = await world.as(person).startUpload(asked);
    expect((await data.put(fileId, hopToken, bytes)).status).toBe(201);
    for (const through of [world.data, data]) {
      const opened = await world.as(person).openContent({ slug: room.slug, fileId });
      expect((await through.get(fileId, opened.hopToken)).body.equals(bytes)).toBe(true);
    }
  };
});

it('ends the start in one sentence when only the native one will do and there is none', () => {
  const start = () => chooseEngine({ SEALING_ENGINE: 'native', SEALING_MODULE: '' });
  expect(start).toThrow(OperatorError);
  expect(start).toThrow('the native sealing engine is asked for (SEALING_ENGINE), but there is no native module');
});

it('is one of three in the configuration', () => {
  expect(() => parseConfig(configSchema.pick({ SEALING_ENGINE: true }), { SEALING_ENGINE: 'fast' })).toThrow(
    'must be auto, native or portable',
  );
});
