import { methodTable } from '@conclave/contracts';
import type { Bus } from '@conclave/messaging';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, refusal, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const subjects = methodTable.filter(({ service }) => service === 'rooms');
const busOf = (callers: readonly string[]): Bus =>
  callers.includes('gateway') ? stage.gateway : stage.neighbours.filesBus;

/** One raw request. */
async function send(bus: Bus, subject: string, data: Uint8Array, token = ''): Promise<string> {
  try {
    const { headers } = await bus.request(subject, data, token ? { 'conclave-principal': token } : {}, 2_000);
    return headers?.get('conclave-error') || 'ok';
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

const malformed = [
  ['a cut field', [0x0a, 0xff]],
  ['a wrong wire type', [0x0f]],
  ['bytes that are no UTF-8', [0x0a, 0x02, 0xc3, 0x28]],
  ['field number zero', [0x00, 0x00]],
  ['an endless varint', Array.from({ length: 11 }, () => 0xff)],
] as const;

describe('the bus', () => {
  it('every method of rooms answers, and a malformed request on any of them is a clear refusal', async () => {
    expect(subjects.length).toBeGreaterThanOrEqual(25);
    const { token } = stage.person();
    for (const { subject, callers } of subjects)
      for (const [fact, bytes] of malformed) {
        const outcome = await send(busOf(callers), subject, Uint8Array.from(bytes), token);
        expect({ subject, fact, outcome }).toEqual({ subject, fact, outcome: 'INVALID_ARGUMENT' });
      }
  });

  it('no method for people answers without one', async () => {
    for (const { subject, callers } of subjects.filter((row) => row.callers.includes('gateway'))) {
      expect({ subject, outcome: await send(busOf(callers), subject, new Uint8Array()) }).toEqual({
        subject,
        outcome: 'UNAUTHENTICATED',
      });
    }
  });

  it('an empty request never breaks anything', async () => {
    const { token } = stage.person();
    for (const { subject, callers } of subjects)
      expect(await send(busOf(callers), subject, new Uint8Array(), token)).not.toBe('INTERNAL');
  });

  it('a service may call only what the contract gives it', async () => {
    const { token } = stage.person();
    for (const { subject, callers } of subjects) {
      const stranger = callers.includes('gateway') ? stage.neighbours.filesBus : stage.gateway;
      expect(await send(stranger, subject, new Uint8Array(), token)).not.toBe('ok');
    }
  }, 120_000);

  it('a principal of another key, issuer or kind is nobody', async () => {
    const person = stage.person();
    for (const token of [
      stage.principals.sign(person, { claims: { iss: 'somebody' } }),
      stage.principals.sign(person, { claims: { aud: 'somewhere' } }),
      stage.principals.sign(person, { header: { typ: 'JWT' } }),
      stage.principals.sign(person, { header: { kid: 'unknown' } }),
      stage.principals.sign(person, { expiresIn: -30 }),
    ]) {
      const outcome = await send(stage.gateway, 'conclave.rooms.v1.RoomsService.ListRooms', new Uint8Array(), token);
      expect(outcome).toBe('UNAUTHENTICATED');
    }
    expect(await refusal(person.rooms.listRooms({}))).toBe('nothing was refused');
  });
});
