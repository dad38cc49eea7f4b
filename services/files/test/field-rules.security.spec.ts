import { services, subjectOf, type DescMethod } from '@conclave/contracts';
import { exampleRequest, fieldCases, rawCalls, type Init, type RawCall } from '@conclave/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';

const methods = services.files.flatMap((service) => service.methods);

let world: FilesWorld;
let call: RawCall;
let slug: string;
beforeAll(async () => {
  world = await filesWorld();
  const room = world.rooms.room();
  ({ slug } = room);
  call = rawCalls(world.nats, world.inside(room, 'owner').token);
}, 180_000);

/** The room that the caller is in. */
const facts = ({ input }: DescMethod): Init =>
  input.fields.some(({ localName }) => localName === 'slug') ? { slug } : {};

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
    expect(ruled.length).toBeGreaterThanOrEqual(12);
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
    expect(world.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
