// What the services stand on: Redis, NATS, Postgres, S3. Each alert names the exporter whose figures it reads; where that is not
// scraped, the alert is quiet.
import { alert, example, group } from './kit.mjs';

const instance = (job) => `{job="${job}",instance="a"}`;
const at = (job) => ({ labels: { job, instance: 'a' } });

export default group('data', 'Redis, NATS, Postgres and S3', [
  alert('RedisDown', {
    expr: 'redis_up == 0',
    for: '1m',
    severity: 'critical',
    summary: 'Redis of the media servers is down: no new meeting starts, and nodes lose sight of each other.',
    dashboard: 'conclave-data',
    fires: example('5m', { [`redis_up${instance('redis')}`]: '0x10' }, at('redis')),
    quiet: [example('5m', { [`redis_up${instance('redis')}`]: '1x10' })],
  }),
  alert('RedisEvictions', {
    expr: 'rate(redis_evicted_keys_total[5m]) > 0',
    for: '5m',
    severity: 'critical',
    summary: 'Redis throws keys away for lack of memory: rooms of the media servers vanish.',
    dashboard: 'conclave-data',
    fires: example('15m', { [`redis_evicted_keys_total${instance('redis')}`]: '0+3x20' }, at('redis')),
    quiet: [example('15m', { [`redis_evicted_keys_total${instance('redis')}`]: '7x20' })],
  }),
  alert('RedisFailover', {
    expr: 'changes(redis_instance_info{role="master"}[15m]) > 0 or changes(redis_master_repl_offset[15m]) > 0 and on (instance) redis_connected_slaves == 0 and on (instance) max_over_time(redis_connected_slaves[15m]) > 0',
    severity: 'warning',
    summary: 'Redis changed its master or lost its replicas within a quarter of an hour.',
    dashboard: 'conclave-data',
    fires: example(
      '20m',
      {
        [`redis_master_repl_offset${instance('redis')}`]: '0+10x30',
        [`redis_connected_slaves${instance('redis')}`]: '1x12 0x20',
      },
      at('redis'),
    ),
    quiet: [
      example('20m', {
        [`redis_master_repl_offset${instance('redis')}`]: '0+10x30',
        [`redis_connected_slaves${instance('redis')}`]: '1x30',
      }),
    ],
  }),
  alert('NatsSlowConsumers', {
    expr: 'rate(nats_varz_slow_consumers[5m]) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'NATS cuts off clients that do not read fast enough: calls get lost and time out.',
    dashboard: 'conclave-data',
    fires: example('15m', { [`nats_varz_slow_consumers${instance('nats')}`]: '0+1x20' }, at('nats')),
    quiet: [example('15m', { [`nats_varz_slow_consumers${instance('nats')}`]: '4x20' })],
  }),
  alert('NatsConsumerPendingRising', {
    expr: 'deriv(nats_consumer_num_pending[30m]) > 0 and nats_consumer_num_pending > 1000',
    for: '15m',
    severity: 'warning',
    summary: 'A JetStream consumer falls behind further and further.',
    dashboard: 'conclave-data',
    fires: example('60m', { [`nats_consumer_num_pending${instance('nats')}`]: '0+50x90' }, at('nats')),
    quiet: [example('60m', { [`nats_consumer_num_pending${instance('nats')}`]: '5000-50x90' })],
  }),
  alert('JetStreamStorageHigh', {
    expr: 'nats_varz_jetstream_stats_storage / nats_varz_jetstream_config_max_storage > 0.8',
    for: '10m',
    severity: 'warning',
    summary: 'The storage of JetStream is more than 80 % full.',
    dashboard: 'conclave-data',
    fires: example(
      '15m',
      {
        [`nats_varz_jetstream_stats_storage${instance('nats')}`]: '900x20',
        [`nats_varz_jetstream_config_max_storage${instance('nats')}`]: '1000x20',
      },
      at('nats'),
    ),
    quiet: [
      example('15m', {
        [`nats_varz_jetstream_stats_storage${instance('nats')}`]: '300x20',
        [`nats_varz_jetstream_config_max_storage${instance('nats')}`]: '1000x20',
      }),
    ],
  }),
  alert('NatsNoQuorum', {
    expr: 'count by (namespace) (up{job="nats"} == 1) < 0.5 * count by (namespace) (up{job="nats"}) + 0.5 and count by (namespace) (up{job="nats"}) >= 3',
    for: '1m',
    severity: 'critical',
    summary: 'Fewer than half of the NATS servers are up.',
    dashboard: 'conclave-data',
    fires: example('5m', {
      'up{job="nats",instance="a"}': '1x10',
      'up{job="nats",instance="b"}': '0x10',
      'up{job="nats",instance="c"}': '0x10',
    }),
    quiet: [
      example('5m', {
        'up{job="nats",instance="a"}': '1x10',
        'up{job="nats",instance="b"}': '1x10',
        'up{job="nats",instance="c"}': '0x10',
      }),
      example('5m', { 'up{job="nats",instance="a"}': '1x10' }),
    ],
  }),
  alert('PostgresDown', {
    expr: 'pg_up == 0 or cnpg_collector_up == 0',
    for: '1m',
    severity: 'critical',
    summary: 'Postgres is down: nothing that is stored can be read or changed.',
    dashboard: 'conclave-data',
    fires: example('5m', { [`pg_up${instance('postgres')}`]: '0x10' }, at('postgres')),
    quiet: [example('5m', { [`pg_up${instance('postgres')}`]: '1x10' })],
  }),
  alert('PgConnectionsHigh', {
    expr:
      'sum by (namespace, instance) (cnpg_backends_total) / on (namespace, instance) max by (namespace, instance) (cnpg_pg_settings_setting{name="max_connections"}) > 0.8\n' +
      'or\nsum by (namespace, instance) (pg_stat_activity_count) / on (namespace, instance) max by (namespace, instance) (pg_settings_max_connections) > 0.8',
    for: '10m',
    severity: 'warning',
    summary: 'Postgres {{ $labels.instance }} uses over 80 % of its connections.',
    dashboard: 'conclave-data',
    fires: example(
      '15m',
      {
        'pg_stat_activity_count{instance="a",datname="rooms",state="active"}': '90x20',
        'pg_settings_max_connections{instance="a"}': '100x20',
      },
      { labels: { instance: 'a' } },
    ),
    quiet: [
      example('15m', {
        'cnpg_backends_total{instance="a",datname="rooms"}': '30x20',
        'cnpg_pg_settings_setting{instance="a",name="max_connections"}': '100x20',
      }),
    ],
  }),
  alert('PgReplicationLag', {
    expr: 'cnpg_pg_replication_lag > 30 or pg_replication_lag_seconds > 30',
    for: '5m',
    severity: 'warning',
    summary: 'A replica of Postgres is more than 30 s behind.',
    dashboard: 'conclave-data',
    fires: example('15m', { [`cnpg_pg_replication_lag${instance('postgres')}`]: '120x20' }, at('postgres')),
    quiet: [example('15m', { [`cnpg_pg_replication_lag${instance('postgres')}`]: '2x20' })],
  }),
  alert('PgWalArchiveStuck', {
    expr: 'cnpg_collector_pg_wal_archive_status{value="ready"} > 20 or increase(pg_stat_archiver_failed_count[30m]) > 3',
    for: '15m',
    severity: 'critical',
    summary: 'Postgres cannot archive its log: the last backup grows old, and the disk fills up.',
    dashboard: 'conclave-data',
    fires: example(
      '30m',
      { 'cnpg_collector_pg_wal_archive_status{job="postgres",instance="a",value="ready"}': '40x40' },
      { labels: { job: 'postgres', instance: 'a', value: 'ready' } },
    ),
    quiet: [
      example('30m', {
        'cnpg_collector_pg_wal_archive_status{job="postgres",instance="a",value="ready"}': '2x40',
        'pg_stat_archiver_failed_count{job="postgres",instance="a"}': '3x40',
      }),
    ],
  }),
  alert('S3Offline', {
    expr: 'minio_cluster_health_status == 0 or minio_cluster_nodes_offline_total > 0 or minio_cluster_drive_offline_total > 0',
    for: '5m',
    severity: 'critical',
    summary: 'The object store is unhealthy, or a node or drive of it is offline.',
    dashboard: 'conclave-data',
    fires: example('10m', { [`minio_cluster_drive_offline_total${instance('minio')}`]: '1x20' }, at('minio')),
    quiet: [
      example('10m', {
        [`minio_cluster_drive_offline_total${instance('minio')}`]: '0x20',
        [`minio_cluster_health_status${instance('minio')}`]: '1x20',
      }),
    ],
  }),
  alert('S3ServerErrors', {
    expr:
      'sum by (namespace, job) (rate(minio_s3_requests_5xx_errors_total[5m])) > 0.1\n' +
      'or\nsum by (namespace, job) (rate(SeaweedFS_s3_request_total{code=~"5.."}[5m])) > 0.1',
    for: '5m',
    severity: 'warning',
    summary: 'The object store answers with errors of its own (5xx).',
    dashboard: 'conclave-data',
    fires: example(
      '15m',
      { 'minio_s3_requests_5xx_errors_total{job="minio",api="PutObject"}': '0+30x20' },
      { labels: { job: 'minio' } },
    ),
    quiet: [example('15m', { 'minio_s3_requests_5xx_errors_total{job="minio",api="PutObject"}': '0+1x20' })],
  }),
  alert('S3CapacityLow', {
    expr: 'minio_cluster_capacity_usable_free_bytes / minio_cluster_capacity_usable_total_bytes < 0.2',
    for: '15m',
    severity: 'warning',
    summary: 'Less than 20 % of the space of the object store is free.',
    dashboard: 'conclave-data',
    fires: example(
      '30m',
      {
        [`minio_cluster_capacity_usable_free_bytes${instance('minio')}`]: '10x40',
        [`minio_cluster_capacity_usable_total_bytes${instance('minio')}`]: '100x40',
      },
      at('minio'),
    ),
    quiet: [
      example('30m', {
        [`minio_cluster_capacity_usable_free_bytes${instance('minio')}`]: '60x40',
        [`minio_cluster_capacity_usable_total_bytes${instance('minio')}`]: '100x40',
      }),
    ],
  }),
]);
