import { RequestScope } from '../scope/request-scope.js';
import { parseTraceparent, type TraceContext } from '../scope/traceparent.js';
import { safeAttributes, safeName } from './span-facts.js';
import { samplerRatio, startTracing } from './start-tracing.js';
import { Tracing, type OpenSpan, type SpanParent, type SpanRecorder } from './tracing.js';
import { silentLogger } from '../logging/logger.js';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Recorded {
  name: string;
  own: TraceContext;
  parent: SpanParent | undefined;
  attributes: Record<string, unknown>;
  failed?: boolean;
}

/** Keeps spans, so that a spec can read them. */
function recorder(): SpanRecorder & { spans: Recorded[] } {
  const spans: Recorded[] = [];
  const open = (name: string, own: TraceContext, parent?: SpanParent): OpenSpan => {
    const span: Recorded = { name, own, parent, attributes: {} };
    spans.push(span);
    return {
      context: own,
      rename: (next) => (span.name = next),
      set: (attributes) => Object.assign(span.attributes, attributes),
      end: (failed) => (span.failed = failed),
    };
  };
  let id = 0;
  return {
    spans,
    start(name, _kind, parent) {
      const spanId = String(++id).padStart(16, 'a');
      return open(name, { traceId: parent?.traceId ?? 'b'.repeat(32), spanId, sampled: true }, parent);
    },
    adopt: (name, own) => open(name, own),
    flush: async () => undefined,
  };
}

describe('spans', () => {
  let spans: Recorded[];

  beforeEach(() => {
    const made = recorder();
    spans = made.spans;
    Tracing.use(made);
  });
  afterEach(() => Tracing.use(undefined));

  it('hang on what came from outside, and the next ones on them', async () => {
    const { scope, end } = Tracing.enter({ name: 'POST /rooms', kind: 'server' }, { traceparent: TRACE });
    await RequestScope.run(scope, () =>
      Tracing.within({ name: 'ask auth', kind: 'client' }, async (inner) => {
        expect(parseTraceparent(inner.traceparent)?.spanId).toBe(spans[1]?.own.spanId);
      }),
    );
    end('ok');
    expect(spans[0]?.parent).toMatchObject({ spanId: 'b7ad6b7169203331', remote: true });
    expect(spans[1]?.parent).toMatchObject({ spanId: spans[0]?.own.spanId, remote: false });
    expect(parseTraceparent(scope.traceparent)?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('a refusal is an answer, a breakage an error', async () => {
    const { scope } = Tracing.enter({ name: 'a', kind: 'server' });
    const work = (reason: string) =>
      RequestScope.run(scope, () =>
        Tracing.within({ name: 'b', kind: 'internal' }, () =>
          Promise.reject(Object.assign(new Error('the canary sings'), { reason })),
        ),
      ).catch(() => undefined);
    await work('NOT_INVITED');
    await work('UNAVAILABLE');
    expect(spans.slice(1).map(({ failed }) => failed)).toEqual([false, true]);
    expect(JSON.stringify(spans)).not.toContain('canary');
  });

  it('work that belongs to no request is not recorded', async () => {
    await Tracing.within({ name: 'sweep', kind: 'internal' }, async () => undefined);
    expect(Tracing.begin({ name: 'postgresql select', kind: 'client' })).toBeUndefined();
    expect(spans).toEqual([]);
  });

  it('carry only what the set allows', () => {
    expect(
      safeAttributes({
        'http.route': '/rooms/{slug}',
        'conclave.room': '0190a5c0-1111-7000-8000-000000000000',
        'http.response.status_code': 200,
        'user.email': 'zoe@canary.test',
        'rpc.method': 'cnv_canarycanarycanary',
        'conclave.outcome': 'the canary sings at dawn!',
        displayName: 'Zoë Canary',
      }),
    ).toEqual({
      'http.route': '/rooms/{slug}',
      'conclave.room': expect.stringMatching(/^h:[0-9a-f]{12}$/) as string,
      'http.response.status_code': 200,
    });
    expect(safeName('GET /rooms?token=cnv_canary')).toBe('unnamed');
  });
});

describe('tracing', () => {
  it('is off unless a collector is named', async () => {
    await startTracing('rooms', silentLogger(), { env: {} });
    expect(Tracing.on).toBe(false);
    const { scope } = Tracing.enter({ name: 'a', kind: 'server' }, { traceparent: TRACE });
    expect(scope.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it.each(['collector:4318', 'ftp://collector', 'not a url'])(
    'does not start with the endpoint %p',
    async (endpoint) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
      await expect(startTracing('rooms', silentLogger(), { env })).rejects.toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
    },
  );

  it('reads the share of traces', () => {
    expect(samplerRatio({})).toBe(1);
    expect(samplerRatio({ OTEL_TRACES_SAMPLER_ARG: '0.05' })).toBe(0.05);
    for (const text of ['2', '-1', 'half', '0.1x'])
      expect(() => samplerRatio({ OTEL_TRACES_SAMPLER_ARG: text })).toThrow('from 0 to 1');
  });
});
