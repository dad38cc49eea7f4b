import { parseProblem } from './problem';

describe('problem+json', () => {
  it('a known reason is taken with its facts', () => {
    const problem = parseProblem(403, {
      reason: 'ACCESS_CODE_WRONG',
      details: { attemptsLeft: 2 },
      correlationId: 'c-1',
    });
    expect(problem.reason).toBe('ACCESS_CODE_WRONG');
    expect(problem.details).toEqual({ attemptsLeft: '2' });
    expect(problem.correlationId).toBe('c-1');
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [404, 'NOT_FOUND'],
    [429, 'RATE_LIMITED'],
    [502, 'UNAVAILABLE'],
    [418, 'INTERNAL'],
  ])('status %i without a reason of ours is %s', (status, reason) => {
    expect(parseProblem(status, '<html>').reason).toBe(reason);
    expect(parseProblem(status, { reason: 'toString' }).reason).toBe(reason);
  });

  it('the wait comes from the body, else from the header, else is unknown', () => {
    expect(parseProblem(429, { retryAfter: 7 }, '9').retryAfterSeconds).toBe(7);
    expect(parseProblem(429, {}, '9').retryAfterSeconds).toBe(9);
    expect(parseProblem(429, {}, 'soon').retryAfterSeconds).toBeUndefined();
  });
});
