// Every dashboard: 1 overview, 2 meetings, 3 to 6 the services, 7 data, 8 rollout.
import { board, budget, figure, firing, lines, NS } from './panels.mjs';
import { objectives } from './slo.mjs';

const rate = (name, labels = '', by = '') =>
  `sum${by && ` by (${by})`} (rate(${name}{${[NS, labels].filter(Boolean).join(',')}}[$__rate_interval]))`;
const quantile = (q, name, labels = '', by = '') =>
  `histogram_quantile(${q}, sum by (${['le', by].filter(Boolean).join(', ')}) (rate(${name}_bucket{${[NS, labels].filter(Boolean).join(',')}}[$__rate_interval])))`;
const gauge = (name, labels = '', by = '') =>
  `sum${by && ` by (${by})`} (${name}{${[NS, labels].filter(Boolean).join(',')}})`;

const s = { unit: 's' };
const perSecond = { unit: 'ops' };
const quantiles = (name, labels = '') => ({
  median: quantile(0.5, name, labels),
  '95 %': quantile(0.95, name, labels),
  '99 %': quantile(0.99, name, labels),
});

/** What every service has: its calls, its process, its database. */
const commonRows = (job, { database = true } = {}) => ({
  'Calls over the bus': [
    lines(
      'Answered, by subject',
      { '{{subject}}': rate('nats_request_duration_seconds_count', `job="${job}",role="server"`, 'subject') },
      perSecond,
    ),
    lines(
      'Not ok, by reason',
      {
        '{{outcome}}': rate(
          'nats_request_duration_seconds_count',
          `job="${job}",role="server",outcome!="ok"`,
          'outcome',
        ),
      },
      perSecond,
    ),
    lines('How long they take', quantiles('nats_request_duration_seconds', `job="${job}",role="server"`), s),
    lines('Running now', { '{{instance}}': gauge('nats_handlers_inflight', `job="${job}"`, 'instance') }),
  ],
  Process: [
    lines('CPU', { '{{instance}}': rate('process_cpu_seconds_total', `job="${job}"`, 'instance') }),
    lines(
      'Heap',
      { '{{instance}}': gauge('nodejs_heap_size_used_bytes', `job="${job}"`, 'instance') },
      { unit: 'bytes' },
    ),
    lines(
      'Event loop, 99 %',
      { '{{instance}}': gauge('nodejs_eventloop_lag_p99_seconds', `job="${job}"`, 'instance') },
      s,
    ),
    lines('Open files and sockets', { '{{instance}}': gauge('process_open_fds', `job="${job}"`, 'instance') }),
  ],
  ...(database && {
    Database: [
      lines('Connections', {
        'used {{pool}}': gauge('db_pool_used', `job="${job}"`, 'pool'),
        'idle {{pool}}': gauge('db_pool_idle', `job="${job}"`, 'pool'),
        'waiting {{pool}}': gauge('db_pool_waiting', `job="${job}"`, 'pool'),
      }),
      lines('Queries', { '{{pool}}': rate('db_query_duration_seconds_count', `job="${job}"`, 'pool') }, perSecond),
      lines('How long they take', quantiles('db_query_duration_seconds', `job="${job}"`), s),
    ],
  }),
});

const overview = board('conclave-overview', 'Conclave: overview', {
  Now: [
    figure('Meetings', `max(rooms_active{${NS}})`),
    figure('People in meetings', gauge('livekit_participant_total')),
    figure('Open sockets', gauge('gateway_ws_connections')),
    figure('Components down', `count(up{job=~"auth|rooms|files|gateway|livekit",${NS}} == 0) or vector(0)`, {
      thresholds: [[1, 'red']],
    }),
    figure('Integrity failures, 24 h', `sum(increase(files_integrity_failures_total{${NS}}[24h]))`, {
      thresholds: [[1, 'red']],
    }),
  ],
  'Budgets of 30 days': objectives.slice(0, 5).map(({ title, slo, target }) => budget(title, slo, target)),
  'Budgets of 30 days, more': objectives.slice(5).map(({ title, slo, target }) => budget(title, slo, target)),
  Burning: [
    lines(
      'Share of errors over an hour',
      { '{{slo}}': `conclave:slo_errors:ratio_rate1h{${NS}}` },
      { unit: 'percentunit' },
    ),
    firing('Alerts that fire'),
  ],
  Traffic: [
    lines(
      'API, by status',
      { '{{status}}': rate('http_server_request_duration_seconds_count', 'job="gateway"', 'status') },
      perSecond,
    ),
    lines('Entry, by outcome', { '{{outcome}}': rate('rooms_join_total', '', 'outcome') }, perSecond),
    lines('Sign-in, by outcome', { '{{outcome}}': rate('auth_login_total', '', 'outcome') }, perSecond),
    lines('Bytes of files', { '{{dir}}': rate('files_bytes_total', '', 'dir') }, { unit: 'Bps' }),
  ],
});

const meetings = board('conclave-meetings', 'Conclave: meetings', {
  Now: [
    lines('Rooms, by node', { '{{node_id}}': gauge('livekit_room_total', '', 'node_id') }),
    lines('People, by node', { '{{node_id}}': gauge('livekit_participant_total', '', 'node_id') }),
    lines('Tracks', {
      'published {{kind}}': gauge('livekit_track_published_total', '', 'kind'),
      'subscribed {{kind}}': gauge('livekit_track_subscribed_total', '', 'kind'),
    }),
  ],
  Joining: [
    lines('Joins, by state', { '{{state}}': rate('livekit_participant_join_total', '', 'state') }, perSecond),
    lines('Until media: as LiveKit sees it', quantiles('livekit_session_start_time_ms'), { unit: 'ms' }),
    lines('From entry to media: as rooms sees it', quantiles('rooms_join_duration_seconds'), s),
    lines(
      'Paths for media',
      { '{{transport}} {{state}}': rate('livekit_peer_connection_state', '', 'transport, state') },
      perSecond,
    ),
  ],
  Quality: [
    lines(
      'Packet loss, 95 %',
      { '{{type}}': quantile(0.95, 'livekit_packet_loss_percent', '', 'type') },
      { unit: 'percent' },
    ),
    lines('Round trip', quantiles('livekit_rtt_ms'), { unit: 'ms' }),
    lines('Jitter', quantiles('livekit_jitter_us'), { unit: 'µs' }),
    lines('Traffic', { '{{direction}}': rate('livekit_packet_bytes', '', 'direction') }, { unit: 'Bps' }),
  ],
  Ends: [
    lines('Connections that ended', { '{{reason}}': rate('rooms_connections_ended_total', '', 'reason') }, perSecond),
    lines('How long sessions last', quantiles('livekit_session_duration_ms'), { unit: 'ms' }),
    lines('CPU of nodes', { '{{instance}}': rate('process_cpu_seconds_total', 'job="livekit"', 'instance') }),
  ],
});

const auth = board('conclave-auth', 'Conclave: auth', {
  'Who signs in': [
    lines('Attempts', { '{{method}} {{outcome}}': rate('auth_login_total', '', 'method, outcome') }, perSecond),
    lines('Sessions turned into tokens', { '{{outcome}}': rate('auth_token_refresh_total', '', 'outcome') }, perSecond),
    lines('Refused by a throttle', { refused: rate('auth_lockouts_total') }, perSecond),
    lines('Password hashes', quantiles('auth_hash_duration_seconds'), s),
    figure('Age of the signing key', `max(auth_signing_key_age_seconds{${NS}})`, s),
  ],
  ...commonRows('auth'),
});

const rooms = board('conclave-rooms', 'Conclave: rooms', {
  Meetings: [
    lines('Meetings', { meetings: `max(rooms_active{${NS}})` }),
    lines('Entry', { '{{outcome}}': rate('rooms_join_total', '', 'outcome') }, perSecond),
    lines('From entry to media', quantiles('rooms_join_duration_seconds'), s),
    lines('Corrections', { drift: `max(rooms_state_drift{${NS}})` }),
  ],
  'The media server': [
    lines('Failed calls', { '{{method}}': rate('rooms_livekit_api_errors_total', '', 'method') }, perSecond),
    lines('Has yet to let go of', { people: `max(rooms_media_removals_waiting{${NS}})` }),
    lines('Webhooks', { '{{event}} {{outcome}}': rate('rooms_webhook_total', '', 'event, outcome') }, perSecond),
    lines('How late they are', quantiles('rooms_webhook_lag_seconds'), s),
    lines('Sent by LiveKit', { '{{status}}': rate('livekit_webhook_dispatch_total', '', 'status') }, perSecond),
  ],
  'Feeds it follows': [
    lines('Events', { '{{feed}}': rate('feed_events_total', 'job="rooms"', 'feed') }, perSecond),
    lines('Failures', { '{{feed}}': rate('feed_failures_total', 'job="rooms"', 'feed') }, perSecond),
    lines('How late', { '{{feed}}': `max by (feed) (feed_lag_seconds{job="rooms",${NS}})` }, s),
  ],
  ...commonRows('rooms'),
});

const files = board('conclave-files', 'Conclave: files', {
  Files: [
    lines('Operations', { '{{op}} {{outcome}}': rate('files_op_total', '', 'op, outcome') }, perSecond),
    lines('Uploads', quantiles('files_op_duration_seconds', 'op="upload"'), s),
    lines('Downloads', quantiles('files_op_duration_seconds', 'op="download"'), s),
    lines('Bytes', { '{{dir}}': rate('files_bytes_total', '', 'dir') }, { unit: 'Bps' }),
  ],
  Vault: [
    figure('Integrity failures, 24 h', `sum(increase(files_integrity_failures_total{${NS}}[24h]))`, {
      thresholds: [[1, 'red']],
    }),
    figure('Objects without a file', `max(files_orphan_objects{${NS}})`, { thresholds: [[50, 'orange']] }),
    figure('Files without an object', `max(files_index_missing_objects{${NS}})`, { thresholds: [[1, 'red']] }),
    lines('Keys (1: active)', { '{{version}}': `max by (version) (files_kek_version_info{${NS}})` }),
  ],
  Streams: [
    lines('Bytes under way', { bytes: gauge('files_inflight_bytes') }, { unit: 'bytes' }),
    lines('Sealing', quantiles('files_crypto_duration_seconds', 'op="seal"'), s),
    lines('Opening', quantiles('files_crypto_duration_seconds', 'op="open"'), s),
  ],
  ...commonRows('files'),
});

const gateway = board('conclave-gateway', 'Conclave: gateway', {
  API: [
    lines(
      'Requests, by status',
      { '{{status}}': rate('http_server_request_duration_seconds_count', 'job="gateway"', 'status') },
      perSecond,
    ),
    lines(
      'Slowest routes, 99 %',
      {
        '{{route}}': `topk(8, ${quantile(0.99, 'http_server_request_duration_seconds', 'job="gateway",route!~".*/content|.*/files"', 'route')})`,
      },
      s,
    ),
    lines(
      'Errors of ours, by route',
      { '{{route}}': rate('http_server_request_duration_seconds_count', 'job="gateway",status=~"5.."', 'route') },
      perSecond,
    ),
  ],
  'At the door': [
    lines('Refused, by reason', { '{{reason}}': rate('gateway_refusals_total', '', 'reason') }, perSecond),
    lines(
      'Over a limit, or without a session',
      { limited: rate('gateway_rate_limited_total'), 'no session': rate('gateway_auth_rejected_total') },
      perSecond,
    ),
    lines(
      'Services that do not answer',
      { '{{service}}': rate('gateway_upstream_errors_total', '', 'service') },
      perSecond,
    ),
    lines(
      'Stopped by the content policy',
      { '{{directive}}': rate('gateway_csp_reports_total', '', 'directive') },
      perSecond,
    ),
  ],
  Sockets: [
    lines('Open', { '{{kind}}': gauge('gateway_ws_connections', '', 'kind') }),
    lines('Ended, by code', { '{{kind}} {{code}}': rate('gateway_ws_disconnects_total', '', 'kind, code') }, perSecond),
    lines('Events sent', { events: rate('gateway_events_delivered_total') }, perSecond),
    lines('File streams', { '{{kind}}': gauge('gateway_streams', '', 'kind') }),
  ],
  Calls: [
    lines(
      'Asked, by subject',
      { '{{subject}}': rate('nats_request_duration_seconds_count', 'job="gateway",role="client"', 'subject') },
      perSecond,
    ),
    lines('How long they take', quantiles('nats_request_duration_seconds', 'job="gateway",role="client"'), s),
  ],
  Process: commonRows('gateway', { database: false }).Process,
});

const data = board('conclave-data', 'Conclave: data', {
  Postgres: [
    lines('Connections of ours', { '{{job}} {{pool}}': gauge('db_pool_used', '', 'job, pool') }),
    lines('Waiting for a connection', { '{{job}} {{pool}}': gauge('db_pool_waiting', '', 'job, pool') }),
    lines('Queries, 99 %', { '{{job}}': quantile(0.99, 'db_query_duration_seconds', '', 'job') }, s),
    lines('Backends (CloudNativePG, postgres_exporter)', {
      cnpg: `sum(cnpg_backends_total{${NS}})`,
      exporter: `sum(pg_stat_activity_count{${NS}})`,
    }),
    lines('Replication lag', { '{{pod}}': `cnpg_pg_replication_lag{${NS}}` }, s),
  ],
  NATS: [
    lines('Connected (1)', { '{{job}} {{instance}}': gauge('nats_connection_up', '', 'job, instance') }),
    lines('Reconnections', { '{{job}}': rate('nats_reconnects_total', '', 'job') }, perSecond),
    lines('Messages (exporter)', { in: rate('nats_varz_in_msgs'), out: rate('nats_varz_out_msgs') }, perSecond),
    lines('Slow consumers (exporter)', { '{{instance}}': rate('nats_varz_slow_consumers', '', 'instance') }, perSecond),
  ],
  'Object store': [
    lines('Requests (MinIO)', { '{{api}}': rate('minio_s3_requests_total', '', 'api') }, perSecond),
    lines('Errors 5xx', { '{{api}}': rate('minio_s3_requests_5xx_errors_total', '', 'api') }, perSecond),
    lines(
      'Free',
      {
        free: `sum(minio_cluster_capacity_usable_free_bytes{${NS}}) / sum(minio_cluster_capacity_usable_total_bytes{${NS}})`,
      },
      { unit: 'percentunit', max: 1 },
    ),
    lines('Offline', {
      drives: `sum(minio_cluster_drive_offline_total{${NS}})`,
      nodes: `sum(minio_cluster_nodes_offline_total{${NS}})`,
    }),
  ],
  'Redis and volumes': [
    lines('Redis up', { '{{instance}}': `redis_up{${NS}}` }),
    lines('Evicted', { '{{instance}}': rate('redis_evicted_keys_total', '', 'instance') }, perSecond),
    lines(
      'Volumes, free',
      {
        '{{persistentvolumeclaim}}': `kubelet_volume_stats_available_bytes{${NS}} / kubelet_volume_stats_capacity_bytes{${NS}}`,
      },
      { unit: 'percentunit', max: 1 },
    ),
  ],
  Feeds: [
    lines('How late', { '{{job}} {{feed}}': `max by (job, feed) (feed_lag_seconds{${NS}})` }, s),
    lines('Failures', { '{{job}} {{feed}}': rate('feed_failures_total', '', 'job, feed') }, perSecond),
  ],
});

const rollout = board('conclave-rollout', 'Conclave: rollout', {
  Versions: [
    lines('What runs', { '{{job}} {{version}} {{commit}}': `count by (job, version, commit) (build_info{${NS}})` }),
    lines('Up', { '{{job}}': `sum by (job) (up{job=~"auth|rooms|files|gateway|livekit",${NS}})` }),
    lines('Restarts of containers, 1 h', {
      '{{container}}': `sum by (container) (increase(kube_pod_container_status_restarts_total{${NS}}[1h]))`,
    }),
  ],
  'While it rolls': [
    lines(
      'API, errors of ours',
      { '{{status}}': rate('http_server_request_duration_seconds_count', 'job="gateway",status=~"5.."', 'status') },
      perSecond,
    ),
    lines('Sockets sent away', { '{{kind}}': rate('gateway_ws_disconnects_total', 'code="1012"', 'kind') }, perSecond),
    lines(
      'Meetings that a restart ended',
      { connections: rate('rooms_connections_ended_total', 'reason="server_shutdown"') },
      perSecond,
    ),
    lines('Media servers that end, seconds left', { '{{pod}}': `kube_pod_deletion_timestamp{${NS}} - time()` }, s),
  ],
  Kubernetes: [
    lines('Replicas, wanted and there', {
      'wanted {{deployment}}': `kube_deployment_spec_replicas{${NS}}`,
      'there {{deployment}}': `kube_deployment_status_replicas_available{${NS}}`,
    }),
    lines('Autoscalers', {
      '{{horizontalpodautoscaler}}': `kube_horizontalpodautoscaler_status_current_replicas{${NS}}`,
    }),
    lines('Disruptions allowed', {
      '{{poddisruptionbudget}}': `kube_poddisruptionbudget_status_pod_disruptions_allowed{${NS}}`,
    }),
    firing('Alerts that fire'),
  ],
});

/** In the order in which they are read. */
export const dashboards = [overview, meetings, auth, rooms, files, gateway, data, rollout];
