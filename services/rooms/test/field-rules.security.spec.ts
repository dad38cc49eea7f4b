import { subjectOf, type DescMethod } from '@conclave/contracts';
import { exampleRequest, fieldCases, rawCalls, type Init, type RawCall } from '@conclave/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { methods } from './support/requests.js';
import { openStage, type Stage } from './support/stage.js';

let stage: Stage;
let call: RawCall;
let room: Init;
beforeAll(async () => {
  stage = await openStage();
  const owner = stage.person();
  const slug = (await owner.rooms.createRoom({ name: 'Steady' })).room?.slug;
  room = { slug, roomSlug: slug, userId: owner.userId };
  call = rawCalls(stage.nats, owner.token);
}, 180_000);

/** The real room, but where the method ends it. */
const facts = ({ name, input }: DescMethod): Init =>
  Object.fromEntries(
    Object.entries(room).filter(
      ([key]) => name !== 'DeleteRoom' && input.fields.some((field) => field.localName === key),
    ),
  );

// A refusal with one of these says that we did not understand ourselves what was wrong.
const faults = ['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'];

const ruled = methods.flatMap((method) =>
  [...new Set(fieldCases(method, {}).map(({ field }) => field.localName))].map(
    (field) => [subjectOf(method), field] as const,
  ),
);
const byName = new Map<string, DescMethod>(methods.map((method) => [subjectOf(method), method]));

describe('the rules of a field', () => {
  it('are tried on every method', () => {
    expect(ruled.length).toBeGreaterThanOrEqual(45);
  });

  it.each(ruled)('%s %s: kept at each bound and refused beyond, by the name of the field', async (subject, name) => {
    const method = byName.get(subject) as DescMethod;
    const example = exampleRequest(method, facts(method));
    const before = await call(method, example);
    for (const { title, field, path, fits, request } of fieldCases(method, example)) {
      if (field.localName !== name) continue;
      const answer = await call(method, request);
      const refused = answer.reason === 'INVALID_ARGUMENT' && answer.field === path;
      expect({ title, answer, refused }).toEqual({ title, answer, refused: !fits });
      expect(faults).not.toContain(answer.reason);
    }
    // Nothing is lost: what fits is answered as it was before.
    expect({ before, after: await call(method, example) }).toEqual({ before, after: before });
  });

  it('leave nothing in the log that looks like a fault', () => {
    expect(
      stage
        .logLines()
        .split('\n')
        .filter((line) => line.includes('"level":"error"')),
    ).toEqual([]);
  });
});
