import { RequestScope } from './request-scope.js';
import { childTrace, formatTraceparent, parseTraceparent } from './traceparent.js';

const HEADER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('is read and written', () => {
    expect(formatTraceparent(parseTraceparent(HEADER)!)).toBe(HEADER);
  });

  it.each([
    undefined,
    '',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    `${HEADER}-more`,
    HEADER.toUpperCase(),
    `${HEADER}\n`,
  ])('%p is not one', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('a later version may carry more', () => {
    expect(parseTraceparent(`01${HEADER.slice(2)}-more`)?.spanId).toBe('b7ad6b7169203331');
  });

  it('the next hop keeps the trace and the sampling', () => {
    const parent = parseTraceparent(HEADER);
    const child = childTrace(parent);
    expect(child).toMatchObject({ traceId: parent?.traceId, sampled: true });
    expect(child.spanId).not.toBe(parent?.spanId);
  });
});

describe('RequestScope', () => {
  it('follows each request through its awaits', async () => {
    const seen = await Promise.all(
      ['first-request', 'other-request'].map((correlationId) =>
        RequestScope.run(RequestScope.enter({ correlationId }), async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return RequestScope.current()?.correlationId;
        }),
      ),
    );
    expect(seen).toEqual(['first-request', 'other-request']);
    expect(RequestScope.current()).toBeUndefined();
  });

  it('does not take a correlation id that could carry words', () => {
    expect(RequestScope.enter({ correlationId: 'Zoë Canary' }).correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('continues the trace of the caller', () => {
    expect(RequestScope.enter({ traceparent: HEADER }).traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });
});
