import { services, subjectOf, type DescMethod } from '@conclave/contracts';
import { exampleRequest, fieldCases, rawCalls, type Init, type RawCall } from '@conclave/testing';
import { freshAddress, runAuth, signUp, type RunningAuth } from './support/running-auth.js';

const methods = services.auth.flatMap((service) => service.methods);

let running: RunningAuth;
let call: RawCall;
beforeAll(async () => {
  running = await runAuth();
  const { as } = await signUp(running);
  call = rawCalls(running.nats, as.principal);
}, 120_000);

/** An address of its own for each field, so that no throttle of sign-in and sign-up answers first. */
const facts = ({ input }: DescMethod): Init =>
  input.fields.some(({ localName }) => localName === 'clientAddress') ? { clientAddress: freshAddress() } : {};

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
    expect(ruled.length).toBeGreaterThanOrEqual(15);
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
      running
        .logLines()
        .split('\n')
        .filter((line) => line.includes('"level":"error"')),
    ).toEqual([]);
  });
});
