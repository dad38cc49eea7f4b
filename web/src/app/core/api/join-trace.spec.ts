import { JoinTrace } from './join-trace';

describe('JoinTrace', () => {
  test('is a sampled traceparent of its own each time', () => {
    const [one, other] = [new JoinTrace(), new JoinTrace()];
    expect(one.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(one.traceparent).not.toBe(other.traceparent);
  });

  test('tells a duration and an outcome, nothing else', () => {
    const trace = new JoinTrace();
    expect(trace.report('ok')).toEqual({
      traceparent: trace.traceparent,
      durationMs: expect.any(Number) as number,
      outcome: 'ok',
    });
  });
});
