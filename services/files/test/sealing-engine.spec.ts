import { sealingModule } from '@conclave/testing';
import { OperatorError, parseConfig } from '@conclave/platform';
import { configSchema } from '../src/config.js';
import { chooseEngine } from '../src/sealing/choose-engine.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';

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
