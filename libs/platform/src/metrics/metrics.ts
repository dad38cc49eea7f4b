import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { buildInfo, type BuildInfo } from '../build-info.js';

/** Ids and anything typed make a label unbounded and tell who did what. */
const FORBIDDEN_LABEL = /(^|_)(id|ids|user|room|file|email|name|token|slug|session)$|[a-z]Id$/;

/** Seconds; from a cache hit to a call that is about to time out. 0.3 is the objective of the API's latency. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10];

/** How a call ended: `ok` or an error reason. */
export type Outcome = string;

/** This process's metrics, in a registry of its own; inject it by this class. */
export class Metrics {
  readonly registry = new Registry();
  private readonly httpDuration: Histogram<'service' | 'route' | 'method' | 'status'>;
  private readonly natsDuration: Histogram<'service' | 'subject' | 'role' | 'outcome'>;
  private readonly natsInFlight: Gauge;
  private readonly natsUp: Gauge;
  private readonly natsReconnects: Counter;
  private readonly natsBroadcastFailures: Counter<'subject'>;

  constructor(
    private readonly service: string,
    build: BuildInfo = buildInfo(),
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('build_info', 'What is running', ['version', 'commit']).set({ ...build }, 1);
    this.httpDuration = this.histogram('http_server_request_duration_seconds', 'HTTP requests answered', [
      'service',
      'route',
      'method',
      'status',
    ]);
    this.natsDuration = this.histogram('nats_request_duration_seconds', 'Requests over the bus', [
      'service',
      'subject',
      'role',
      'outcome',
    ]);
    this.natsInFlight = this.gauge('nats_handlers_inflight', 'Handlers that run now');
    this.natsUp = this.gauge('nats_connection_up', '1 while connected to the bus');
    this.natsReconnects = this.counter('nats_reconnects_total', 'Reconnections to the bus');
    this.natsBroadcastFailures = this.counter('nats_broadcast_failures_total', 'Broadcasts that were not handled', [
      'subject',
    ]);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames: checked(labelNames), registers: [this.registry] });
  }

  /** `collect` runs at each scrape: for values that somebody else keeps. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: (gauge: Gauge<Label>) => void,
  ): Gauge<Label> {
    return new Gauge<Label>({
      name,
      help,
      labelNames: checked(labelNames),
      registers: [this.registry],
      ...(collect && {
        collect() {
          collect(this);
        },
      }),
    });
  }

  /** Durations in seconds unless buckets say otherwise. */
  histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: readonly number[] = DURATION_BUCKETS,
  ): Histogram<Label> {
    const labels = checked(labelNames);
    return new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [this.registry] });
  }

  /** One HTTP request; `route` is the template (`/rooms/{slug}`), never the path. */
  observeHttp(request: { route: string; method: string; status: number }, seconds: number): void {
    const { route, method, status } = request;
    this.httpDuration.observe({ service: this.service, route, method, status }, seconds);
  }

  /** One call over the bus, seen by its client or its server. */
  observeNats(call: { subject: string; role: 'client' | 'server'; outcome: Outcome }, seconds: number): void {
    this.natsDuration.observe({ service: this.service, ...call }, seconds);
  }

  /** Counts a handler as running until the returned function is called. */
  natsHandlerStarted(): () => void {
    this.natsInFlight.inc();
    return () => this.natsInFlight.dec();
  }

  /** Tells whether the bus is connected. */
  natsConnection(up: boolean): void {
    this.natsUp.set(up ? 1 : 0);
  }

  natsReconnected(): void {
    this.natsReconnects.inc();
  }

  /** One broadcast whose handler failed; `subject` is the pattern it belongs to, which holds no id. */
  natsBroadcastFailed(subject: string): void {
    this.natsBroadcastFailures.inc({ subject });
  }
}

function checked<Label extends string>(labelNames: readonly Label[]): Label[] {
  const wrong = labelNames.find((label) => FORBIDDEN_LABEL.test(label));
  if (wrong) throw new Error(`metric label ${wrong} would carry an id or a name`);
  return [...labelNames];
}
