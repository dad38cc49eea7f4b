// Our own services, seen from their own figures.
import { alert, example, group } from './kit.mjs';

const components = ['auth', 'rooms', 'files', 'gateway', 'livekit'];

const up = (component, instance) => `up{job="${component}",instance="${instance}"}`;
const others = (component) =>
  Object.fromEntries(components.filter((name) => name !== component).map((name) => [up(name, 'a'), '1x20']));

const targets = components.map((component) =>
  alert('TargetAbsent', {
    expr: `absent(up{job="${component}"} == 1)`,
    for: '5m',
    severity: 'critical',
    labels: { component },
    summary: `No ${component} answers Prometheus: it is down, or nobody watches it.`,
    dashboard: 'conclave-overview',
    fires: example('10m', { ...others(component), [up(component, 'a')]: '0x20' }, { labels: { component } }),
    quiet: [example('10m', { ...others(component), [up(component, 'a')]: '0x20', [up(component, 'b')]: '1x20' })],
  }),
);

export default group('services', 'The services themselves', [
  ...targets,
  alert('TargetDown', {
    expr: 'up{job=~"auth|rooms|files|gateway|livekit"} == 0',
    for: '10m',
    severity: 'warning',
    summary: 'One replica of {{ $labels.job }} ({{ $labels.instance }}) does not answer.',
    dashboard: 'conclave-rollout',
    fires: example('15m', { 'up{job="rooms",instance="a"}': '0x20' }, { labels: { job: 'rooms', instance: 'a' } }),
    quiet: [example('15m', { 'up{job="rooms",instance="a"}': '1x8 0x3 1x10' })],
  }),
  alert('EventLoopLagHigh', {
    expr: 'nodejs_eventloop_lag_p99_seconds > 0.2',
    for: '5m',
    severity: 'warning',
    summary: 'The event loop of {{ $labels.job }} ({{ $labels.instance }}) is late by more than 200 ms.',
    dashboard: 'conclave-overview',
    fires: example(
      '10m',
      { 'nodejs_eventloop_lag_p99_seconds{job="files",instance="a"}': '0.35x20' },
      { labels: { job: 'files', instance: 'a' } },
    ),
    quiet: [example('10m', { 'nodejs_eventloop_lag_p99_seconds{job="files",instance="a"}': '0.05x4 0.4x2 0.05x10' })],
  }),
  alert('NatsConnectionLost', {
    expr: 'nats_connection_up == 0',
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.job }} ({{ $labels.instance }}) has no connection to the bus.',
    dashboard: 'conclave-data',
    fires: example(
      '5m',
      { 'nats_connection_up{job="rooms",instance="a"}': '0x10' },
      { labels: { job: 'rooms', instance: 'a' } },
    ),
    quiet: [example('5m', { 'nats_connection_up{job="rooms",instance="a"}': '1x3 0x1 1x10' })],
  }),
  alert('DatabasePoolExhausted', {
    expr: 'min_over_time(db_pool_waiting[5m]) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'Work in {{ $labels.job }} has waited for a database connection for minutes.',
    dashboard: 'conclave-data',
    fires: example(
      '15m',
      { 'db_pool_waiting{job="rooms",instance="a",pool="main"}': '3x20' },
      { labels: { job: 'rooms', instance: 'a', pool: 'main' } },
    ),
    quiet: [example('15m', { 'db_pool_waiting{job="rooms",instance="a",pool="main"}': '0 4 0 5 0 4 0x12' })],
  }),
  alert('CallsFailing', {
    expr:
      'sum by (namespace, job) (rate(nats_request_duration_seconds_count{role="server",outcome="INTERNAL"}[5m]))\n/\n' +
      'sum by (namespace, job) (rate(nats_request_duration_seconds_count{role="server"}[5m]))\n> 0.02\n' +
      'and sum by (namespace, job) (increase(nats_request_duration_seconds_count{role="server"}[5m])) > 50',
    for: '5m',
    severity: 'critical',
    summary: 'More than 2 % of the calls to {{ $labels.job }} end in an error of ours.',
    dashboard: 'conclave-overview',
    fires: example(
      '15m',
      {
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="INTERNAL"}': '0+5x20',
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="ok"}': '0+95x20',
      },
      { labels: { job: 'auth' } },
    ),
    quiet: [
      example('15m', {
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="NOT_FOUND"}': '0+50x20',
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="INTERNAL"}': '0+1x20',
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="ok"}': '0+99x20',
      }),
      example('15m', {
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="INTERNAL"}': '0+1x20',
        'nats_request_duration_seconds_count{job="auth",role="server",outcome="ok"}': '0+1x20',
      }),
    ],
  }),
  alert('BroadcastsNotHandled', {
    expr: 'sum by (namespace, job, subject) (increase(nats_broadcast_failures_total[15m])) > 0',
    for: '0m',
    severity: 'critical',
    summary: '{{ $labels.job }} could not handle a broadcast of {{ $labels.subject }}.',
    dashboard: 'conclave-data',
    fires: example(
      '20m',
      { 'nats_broadcast_failures_total{job="gateway",subject="conclave.presence.revoked"}': '0x10 1x20' },
      { labels: { job: 'gateway', subject: 'conclave.presence.revoked' } },
    ),
    quiet: [
      example('20m', { 'nats_broadcast_failures_total{job="gateway",subject="conclave.presence.revoked"}': '2x40' }),
    ],
  }),
  alert('UpstreamErrors', {
    expr: 'sum by (namespace, service) (rate(gateway_upstream_errors_total[5m])) > 0.2',
    for: '5m',
    severity: 'warning',
    summary: 'The gateway gets no answer from {{ $labels.service }} to many of its calls.',
    dashboard: 'conclave-gateway',
    fires: example(
      '10m',
      { 'gateway_upstream_errors_total{job="gateway",service="files"}': '0+60x20' },
      { labels: { service: 'files' } },
    ),
    quiet: [example('10m', { 'gateway_upstream_errors_total{job="gateway",service="files"}': '0+1x20' })],
  }),
  alert('FeedStuck', {
    expr: 'increase(feed_failures_total[15m]) > 3 and increase(feed_events_total[15m]) == 0',
    for: '5m',
    severity: 'critical',
    summary: 'The feed {{ $labels.feed }} in {{ $labels.job }} fails at the same event again and again.',
    dashboard: 'conclave-data',
    fires: example(
      '30m',
      {
        'feed_failures_total{job="rooms",feed="files"}': '0+1x40',
        'feed_events_total{job="rooms",feed="files"}': '7x40',
      },
      { labels: { job: 'rooms', feed: 'files' } },
    ),
    quiet: [
      example('30m', {
        'feed_failures_total{job="rooms",feed="files"}': '0+1x40',
        'feed_events_total{job="rooms",feed="files"}': '0+2x40',
      }),
    ],
  }),
  alert('LoginFailureSpike', {
    expr:
      'sum by (namespace) (rate(auth_login_total{outcome=~"wrong|throttled"}[10m])) > 1\nand\n' +
      'sum by (namespace) (rate(auth_login_total{outcome=~"wrong|throttled"}[10m]))\n' +
      '> 5 * sum by (namespace) (rate(auth_login_total{outcome="ok"}[10m]))',
    for: '5m',
    severity: 'warning',
    summary: 'Wrong passwords come far more often than right ones: somebody may be guessing.',
    dashboard: 'conclave-auth',
    fires: example('20m', {
      'auth_login_total{job="auth",method="password",outcome="wrong"}': '0+180x30',
      'auth_login_total{job="auth",method="password",outcome="ok"}': '0+6x30',
    }),
    quiet: [
      example('20m', {
        'auth_login_total{job="auth",method="password",outcome="wrong"}': '0+180x30',
        'auth_login_total{job="auth",method="password",outcome="ok"}': '0+600x30',
      }),
      example('20m', {
        'auth_login_total{job="auth",method="password",outcome="wrong"}': '0+6x30',
        'auth_login_total{job="auth",method="password",outcome="ok"}': '0x30',
      }),
    ],
  }),
]);
