import { randomBytes } from 'node:crypto';
import { ScalarType } from '@bufbuild/protobuf';
import { accessOf, common, create, subjectOf, toBinary, type DescMethod } from '@conclave/contracts';
import { runAuth, signUp, type RunningAuth, type SignedUp } from './support/running-auth.js';
import { callerOf, callWithBytes, methods, serviceNames } from './support/wire.js';

let running: RunningAuth;
let marta: SignedUp;
beforeAll(async () => {
  running = await runAuth();
  marta = await signUp(running);
}, 120_000);

/** A text of two bytes that are no UTF-8; malformed only where the first field is text, an unknown field elsewhere. */
const notUtf8 = Buffer.from([0x0a, 0x02, 0xff, 0xfe]);
const startsWithText = ({ input }: DescMethod): boolean =>
  input.fields.some(
    (field) => field.number === 1 && field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING,
  );
/** Bytes that are no message of any kind: lengths that lie, groups without end, tags that no field has. */
const malformed = [
  Buffer.from([0x0a]),
  Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
  Buffer.from([0x0a, 0x7f, 0x41]),
  Buffer.from([0x0b, 0x0b, 0x0b]),
  Buffer.from([0x07]),
  Buffer.alloc(64, 0xff),
];

describe('every method of auth', () => {
  it('is one of those this spec knows of', () => {
    expect(serviceNames).toEqual([
      'AccountsService',
      'AddressesService',
      'FactorsService',
      'FeedService',
      'PeopleService',
      'PersonalTokensService',
      'RecoveryService',
      'SessionsService',
      'SigningKeysService',
    ]);
    expect(methods).toHaveLength(32);
  });

  it('declares who stands behind a call and who may call, and answers', async () => {
    for (const method of methods) {
      const { auth, callers } = accessOf(method);
      expect([method.name, auth]).not.toContain(common.AuthMode.UNSPECIFIED);
      expect(callers.length).toBeGreaterThan(0);
      const bus = await running.busAs(callerOf(method));
      const bytes = toBinary(method.input, create(method.input));
      const outcome = await callWithBytes(bus, method, bytes);
      if (auth === common.AuthMode.PERSON) expect([method.name, outcome]).toEqual([method.name, 'UNAUTHENTICATED']);
      expect([method.name, outcome]).not.toContain('INTERNAL');
    }
  });

  it('hears nobody but its callers: the bus itself refuses the others', async () => {
    for (const method of methods) {
      for (const other of ['gateway', 'rooms', 'files'] as const) {
        if (accessOf(method).callers.includes(other)) continue;
        const bus = await running.busAs(other);
        const bytes = toBinary(method.input, create(method.input));
        await expect(
          bus.request(subjectOf(method), bytes, { 'conclave-principal': marta.as.principal }, 300),
        ).rejects.toMatchObject({ reason: expect.stringMatching(/UNAVAILABLE|DEADLINE_EXCEEDED/) });
      }
    }
  }, 60_000);

  it('refuses malformed protobuf with INVALID_ARGUMENT and lives', async () => {
    for (const method of methods) {
      const bus = await running.busAs(callerOf(method));
      for (const bytes of startsWithText(method) ? [...malformed, notUtf8] : malformed)
        expect([
          method.name,
          bytes.toString('hex'),
          await callWithBytes(bus, method, bytes, marta.as.principal),
        ]).toEqual([method.name, bytes.toString('hex'), 'INVALID_ARGUMENT']);
      for (let i = 0; i < 20; i++)
        expect(await callWithBytes(bus, method, randomBytes(1 + i * 13), marta.as.principal)).not.toBe('INTERNAL');
      const huge = await callWithBytes(bus, method, Buffer.alloc(300 * 1024), marta.as.principal);
      expect([method.name, huge]).toEqual([method.name, 'PAYLOAD_TOO_LARGE']);
    }
    await expect(running.gateway.accounts.getAccount({}, (await signUp(running)).as)).resolves.toBeDefined();
  });
});
