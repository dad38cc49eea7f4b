import { ESLint } from 'eslint';
import { complaint } from './import-rules.mjs';

describe('import rules', () => {
  it.each([
    ['services/rooms/src/entry/request-entry.ts', '@conclave/files', 'only on the bus'],
    ['services/rooms/src/entry/request-entry.ts', '../../../auth/src/sessions/session.js', 'only on the bus'],
    ['services/gateway/src/http/rooms/routes.ts', '@conclave/persistence', 'ask the owner of the data'],
    ['services/gateway/src/http/rooms/routes.ts', '@conclave/keys', 'Keys stay in files and rooms'],
    ['services/auth/src/accounts/create-account.ts', '@conclave/sealing/node', 'See the table'],
    ['services/files/src/uploads/x.ts', '@conclave/e2ee', 'browser only'],
    ['services/files/src/uploads/x.ts', '@conclave/testing', 'Harness code'],
    ['services/files/src/uploads/x.ts', '@conclave/messaging/src/bus.js', 'past the door'],
    ['services/files/src/uploads/x.ts', '../adapters/object-storage/s3.js', 'Declare a port'],
    ['libs/errors/src/index.ts', '@conclave/contracts', 'See the table'],
    ['web/src/app/core/api.ts', '@conclave/messaging', 'The browser may take only'],
    ['web/src/app/features/home/home.ts', '../meeting/meeting', 'through its index.ts'],
  ])('%s may not import %s', (file, specifier, advice) => {
    expect(complaint(file, specifier)).toContain(advice);
  });

  it.each([
    ['services/rooms/src/entry/request-entry.ts', '@conclave/contracts'],
    ['services/rooms/src/entry/entry.module.ts', '../adapters/livekit/media-server.js'],
    ['services/rooms/test/entry.spec.ts', '@conclave/testing'],
    ['services/files/src/uploads/x.ts', '@conclave/sealing/node'],
    ['web/src/app/core/seal.ts', '@conclave/sealing/web'],
    ['web/src/app/features/home/home.ts', '../rooms/index'],
    ['libs/messaging/src/bus.ts', '@nats-io/transport-node'],
  ])('%s may import %s', (file, specifier) => {
    expect(complaint(file, specifier)).toBeUndefined();
  });

  it('stop a forbidden import when ESLint runs', async () => {
    const [result] = await new ESLint().lintText("import { keys } from '@conclave/keys';\nexport const x = keys;\n", {
      filePath: 'services/gateway/src/http/forbidden.ts',
    });
    expect(result?.messages.map((message) => [message.ruleId, message.message])).toContainEqual([
      'conclave/imports',
      expect.stringContaining('Keys stay in files and rooms'),
    ]);
  });
});
