/** Every figure that operators are promised (docs/operations.md), with its labels, by who tells it. */
type Wanted = Readonly<Record<string, readonly string[]>>;

/** Every service. */
export const everyService: Wanted = {
  http_server_request_duration_seconds: ['service', 'route', 'method', 'status'],
  nats_request_duration_seconds: ['service', 'subject', 'role', 'outcome'],
  nats_handlers_inflight: [],
  nats_connection_up: [],
  nats_reconnects_total: [],
  nodejs_eventloop_lag_p99_seconds: [],
  nodejs_heap_size_used_bytes: [],
  process_cpu_seconds_total: [],
  process_open_fds: [],
  build_info: ['version', 'commit'],
};

/** Every service with a database. */
export const withDatabase: Wanted = {
  db_pool_used: ['pool'],
  db_pool_idle: ['pool'],
  db_pool_waiting: ['pool'],
  db_query_duration_seconds: ['pool'],
};

/** Each service's own. */
export const ownFigures: Readonly<Record<'auth' | 'rooms' | 'files' | 'gateway', Wanted>> = {
  auth: {
    auth_login_total: ['method', 'outcome'],
    auth_token_refresh_total: ['outcome'],
    auth_lockouts_total: [],
    auth_signing_key_age_seconds: [],
    auth_hash_duration_seconds: [],
  },
  rooms: {
    rooms_active: [],
    rooms_join_total: ['outcome'],
    rooms_join_duration_seconds: [],
    rooms_livekit_api_errors_total: ['method'],
    rooms_webhook_total: ['event', 'outcome'],
    rooms_webhook_lag_seconds: [],
    rooms_state_drift: [],
    rooms_connections_ended_total: ['reason'],
  },
  files: {
    files_op_total: ['op', 'outcome'],
    files_op_duration_seconds: ['op'],
    files_bytes_total: ['dir'],
    files_inflight_bytes: [],
    files_crypto_duration_seconds: ['op'],
    files_integrity_failures_total: [],
    files_kek_version_info: ['version'],
    files_orphan_objects: [],
    files_index_missing_objects: [],
  },
  gateway: {
    gateway_ws_connections: ['kind'],
    gateway_ws_disconnects_total: ['kind', 'code'],
    gateway_rate_limited_total: [],
    gateway_upstream_errors_total: ['service'],
    gateway_auth_rejected_total: [],
  },
};

/** Media servers, of LiveKit's own. */
export const mediaFigures = [
  'livekit_room_total',
  'livekit_participant_total',
  'livekit_participant_join_total',
  'livekit_session_join_latency_ms',
  'livekit_session_start_time_ms',
  'livekit_session_duration_ms',
  'livekit_peer_connection_state',
  'livekit_track_published_total',
  'livekit_track_subscribed_total',
  'livekit_packet_total',
  'livekit_packet_bytes',
  'livekit_packet_loss_percent',
  'livekit_jitter_us',
  'livekit_rtt_ms',
  'livekit_webhook_dispatch_total',
  'livekit_webhook_queue_length',
] as const;
