import { subjectOf, type DescMethod } from '@conclave/contracts';
import { exampleRequest, fieldCases, type Init } from './helpers/field-cases.js';
import type { RawCall } from './helpers/raw-call.js';

// A refusal with one of these says that we did not understand ourselves what was wrong.
const faults = ['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'];

/** Whose fields are tried, and on what. */
export interface FieldRulesTried {
  readonly methods: readonly DescMethod[];
  /** Real things that a method's example names, so that its answer is more than NOT_FOUND. */
  readonly facts: (method: DescMethod) => Init;
  /** How many fields there are at the least: nothing falls out unseen. */
  readonly atLeast: number;
  /** Calls the running service; asked for within a test. */
  readonly call: () => RawCall;
  /** What the service has logged so far, a line each. */
  readonly logLines: () => readonly string[];
}

/** The suite that tries every ruled field of a service at its bounds and beyond, straight over the bus. */
export function fieldRulesHold({ methods, facts, atLeast, call, logLines }: FieldRulesTried): void {
  const byName = new Map(methods.map((method) => [subjectOf(method), method]));
  const ruled = methods.flatMap((method) =>
    [...new Set(fieldCases(method, {}).map(({ field }) => field.localName))].map(
      (field) => [subjectOf(method), field] as const,
    ),
  );

  describe('the rules of a field', () => {
    it('are tried on every method', () => {
      expect(ruled.length).toBeGreaterThanOrEqual(atLeast);
    });

    it.each(ruled)('%s %s: kept at each bound and refused beyond, by the name of the field', async (subject, name) => {
      const method = byName.get(subject) as DescMethod;
      const example = exampleRequest(method, facts(method));
      const before = await call()(method, example);
      for (const { title, field, path, fits, request } of fieldCases(method, example)) {
        if (field.localName !== name) continue;
        const answer = await call()(method, request);
        const refused = answer.reason === 'INVALID_ARGUMENT' && answer.field === path;
        expect({ title, answer, refused }).toEqual({ title, answer, refused: !fits });
        expect(faults).not.toContain(answer.reason);
      }
      // Nothing is lost: what fits is answered as it was before.
      expect({ before, after: await call()(method, example) }).toEqual({ before, after: before });
    });

    it('leave nothing in the log that looks like a fault', () => {
      expect(logLines().filter((line) => line.includes('"level":"error"'))).toEqual([]);
    });
  });
}
