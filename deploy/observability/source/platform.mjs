// Kubernetes around us: rollouts, certificates, backups, space. Read from kube-state-metrics, the kubelet and cert-manager.
import { alert, example, group } from './kit.mjs';

const meet = { namespace: 'meet' };
const free = (share) =>
  'kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < ' +
  `${share} and kubelet_volume_stats_capacity_bytes > 0`;
const volume = (available) => ({
  'kubelet_volume_stats_available_bytes{namespace="meet",persistentvolumeclaim="data-0"}': `${available}x60`,
  'kubelet_volume_stats_capacity_bytes{namespace="meet",persistentvolumeclaim="data-0"}': '100x60',
});
const pvc = { labels: { ...meet, persistentvolumeclaim: 'data-0' } };
const job = (name) => `namespace="meet",job_name="${name}"`;
const cron = (name) => `namespace="meet",cronjob="${name}"`;
const day = 86_400;
/** Age of a CronJob's last good run; of the CronJob itself, where it never had one. Without such a CronJob: nothing. */
const tooOld = (name, seconds) =>
  `time() - max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{cronjob=~"${name}"}) > ${seconds}\n` +
  `or\ntime() - max by (namespace, cronjob) (kube_cronjob_created{cronjob=~"${name}"}) > ${seconds}\n` +
  'unless on (namespace, cronjob) kube_cronjob_status_last_successful_time';

export default group('platform', 'Kubernetes, rollouts, certificates and backups', [
  alert('PodCrashLooping', {
    expr: 'max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",container=~"auth|rooms|files|gateway|livekit|nats|postgres|minio|redis"}[5m]) >= 1',
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.container }} in {{ $labels.pod }} ends right after each start.',
    dashboard: 'conclave-rollout',
    fires: example(
      '15m',
      {
        'kube_pod_container_status_waiting_reason{namespace="meet",pod="rooms-0",container="rooms",reason="CrashLoopBackOff"}':
          '1x20',
      },
      { labels: { ...meet, pod: 'rooms-0', container: 'rooms', reason: 'CrashLoopBackOff' } },
    ),
    quiet: [
      example('15m', {
        'kube_pod_container_status_waiting_reason{namespace="meet",pod="rooms-0",container="rooms",reason="ContainerCreating"}':
          '1x20',
      }),
    ],
  }),
  alert('MigrationJobFailed', {
    expr: 'kube_job_status_failed{job_name=~".*migrat.*"} > 0',
    for: '1m',
    severity: 'critical',
    summary:
      'The migration {{ $labels.job_name }} failed: the rollout stands still, what runs goes on with the old schema.',
    dashboard: 'conclave-rollout',
    fires: example(
      '5m',
      { [`kube_job_status_failed{${job('conclave-migrate-7')}}`]: '1x10' },
      { labels: { ...meet, job_name: 'conclave-migrate-7' } },
    ),
    quiet: [example('5m', { [`kube_job_status_failed{${job('conclave-migrate-7')}}`]: '0x10' })],
  }),
  alert('CertificateExpiresSoon', {
    expr:
      'certmanager_certificate_expiration_timestamp_seconds - time() < 14 * 86400\n' +
      'or\nprobe_ssl_earliest_cert_expiry - time() < 14 * 86400',
    for: '1h',
    severity: 'warning',
    summary: 'A certificate expires within 14 days. TURN servers may keep an old one until they are restarted.',
    dashboard: 'conclave-rollout',
    fires: example(
      '2h',
      { 'certmanager_certificate_expiration_timestamp_seconds{namespace="meet",name="turn-tls"}': `${10 * day}x150` },
      { labels: { ...meet, name: 'turn-tls' }, evaluate: '10m' },
    ),
    quiet: [
      example(
        '2h',
        { 'certmanager_certificate_expiration_timestamp_seconds{namespace="meet",name="turn-tls"}': `${60 * day}x150` },
        { evaluate: '10m' },
      ),
    ],
  }),
  alert('BackupTooOld', {
    expr: tooOld('.*-backup', 26 * 3600),
    severity: 'critical',
    summary: 'The last good backup is older than 26 hours, or there has never been one.',
    dashboard: 'conclave-data',
    fires: ['kube_cronjob_status_last_successful_time', 'kube_cronjob_created'].map((series) =>
      example(
        '27h',
        { [`${series}{${cron('conclave-backup')}}`]: '60x400' },
        { labels: { ...meet, cronjob: 'conclave-backup' }, interval: '5m', evaluate: '30m' },
      ),
    ),
    quiet: [
      example(
        '27h',
        { [`kube_cronjob_status_last_successful_time{${cron('conclave-backup')}}`]: '72000x400' },
        { interval: '5m', evaluate: '30m' },
      ),
      // A release that is called backup has other CronJobs too.
      example(
        '27h',
        { [`kube_cronjob_status_last_successful_time{${cron('backup-conclave-restore-test')}}`]: '60x400' },
        { interval: '5m', evaluate: '30m' },
      ),
    ],
  }),
  alert('RestoreTestTooOld', {
    expr: tooOld('.*-restore-test', 30 * day),
    severity: 'warning',
    summary: 'Nobody has proven for 30 days that a backup opens.',
    dashboard: 'conclave-data',
    fires: ['kube_cronjob_status_last_successful_time', 'kube_cronjob_created'].map((series) =>
      example(
        '31d',
        { [`${series}{${cron('conclave-restore-test')}}`]: '60x800' },
        { labels: { ...meet, cronjob: 'conclave-restore-test' }, interval: '1h', evaluate: '12h' },
      ),
    ),
    quiet: [
      example(
        '31d',
        { [`kube_cronjob_status_last_successful_time{${cron('conclave-restore-test')}}`]: `${20 * day}x800` },
        { interval: '1h', evaluate: '12h' },
      ),
      // Whoever tries it by hand, without such a CronJob, keeps a calendar.
      example(
        '31d',
        { [`kube_cronjob_created{${cron('conclave-backup')}}`]: '60x800' },
        { interval: '1h', evaluate: '12h' },
      ),
      // Made a moment ago, and not run yet.
      example(
        '31d',
        { [`kube_cronjob_created{${cron('conclave-restore-test')}}`]: `${20 * day}x800` },
        { interval: '1h', evaluate: '12h' },
      ),
    ],
  }),
  alert('AuditCheckTooOld', {
    expr: tooOld('.*-audit-check', 2 * day),
    severity: 'critical',
    summary: 'Nobody has found the audit trail whole for two days: a row does not fit, or the check does not run.',
    dashboard: 'conclave-data',
    fires: ['kube_cronjob_status_last_successful_time', 'kube_cronjob_created'].map((series) =>
      example(
        '50h',
        { [`${series}{${cron('conclave-audit-check')}}`]: '60x700' },
        { labels: { ...meet, cronjob: 'conclave-audit-check' }, interval: '5m', evaluate: '30m' },
      ),
    ),
    quiet: [
      example(
        '50h',
        { [`kube_cronjob_status_last_successful_time{${cron('conclave-audit-check')}}`]: `${day}x700` },
        { interval: '5m', evaluate: '30m' },
      ),
      // Whoever runs it by hand, without such a CronJob.
      example(
        '50h',
        { [`kube_cronjob_created{${cron('conclave-backup')}}`]: '60x700' },
        { interval: '5m', evaluate: '30m' },
      ),
    ],
  }),
  alert('VolumeFillsUp', {
    expr: free(0.15),
    for: '15m',
    severity: 'warning',
    summary: 'Less than 15 % of the volume {{ $labels.persistentvolumeclaim }} is free.',
    dashboard: 'conclave-data',
    fires: example('30m', volume(12), pvc),
    quiet: [example('30m', volume(40))],
  }),
  alert('VolumeAlmostFull', {
    expr: free(0.05),
    for: '5m',
    severity: 'critical',
    summary: 'Less than 5 % of the volume {{ $labels.persistentvolumeclaim }} is free.',
    dashboard: 'conclave-data',
    fires: example('15m', volume(3), pvc),
    quiet: [example('15m', volume(12))],
  }),
  alert('HpaAtMax', {
    expr:
      'kube_horizontalpodautoscaler_status_current_replicas >= on (namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_spec_max_replicas\n' +
      'and on (namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_spec_max_replicas > on (namespace, horizontalpodautoscaler) kube_horizontalpodautoscaler_spec_min_replicas',
    for: '15m',
    severity: 'warning',
    summary: '{{ $labels.horizontalpodautoscaler }} has run with all replicas it may have for 15 minutes.',
    dashboard: 'conclave-rollout',
    fires: example(
      '30m',
      {
        'kube_horizontalpodautoscaler_status_current_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '6x40',
        'kube_horizontalpodautoscaler_spec_max_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '6x40',
        'kube_horizontalpodautoscaler_spec_min_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '2x40',
      },
      { labels: { ...meet, horizontalpodautoscaler: 'auth' } },
    ),
    quiet: [
      example('30m', {
        'kube_horizontalpodautoscaler_status_current_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '3x40',
        'kube_horizontalpodautoscaler_spec_max_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '6x40',
        'kube_horizontalpodautoscaler_spec_min_replicas{namespace="meet",horizontalpodautoscaler="auth"}': '2x40',
      }),
    ],
  }),
  alert('PdbBlocked', {
    expr:
      'kube_poddisruptionbudget_status_pod_disruptions_allowed == 0\n' +
      'and on (namespace, poddisruptionbudget) kube_poddisruptionbudget_status_expected_pods > 1',
    for: '30m',
    severity: 'warning',
    summary: '{{ $labels.poddisruptionbudget }} has allowed no disruption for 30 minutes: nodes cannot be drained.',
    dashboard: 'conclave-rollout',
    fires: example(
      '45m',
      {
        'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="meet",poddisruptionbudget="rooms"}': '0x60',
        'kube_poddisruptionbudget_status_expected_pods{namespace="meet",poddisruptionbudget="rooms"}': '3x60',
      },
      { labels: { ...meet, poddisruptionbudget: 'rooms' } },
    ),
    quiet: [
      example('45m', {
        'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="meet",poddisruptionbudget="rooms"}': '1x60',
        'kube_poddisruptionbudget_status_expected_pods{namespace="meet",poddisruptionbudget="rooms"}': '3x60',
      }),
      example('45m', {
        'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="meet",poddisruptionbudget="redis"}': '0x60',
        'kube_poddisruptionbudget_status_expected_pods{namespace="meet",poddisruptionbudget="redis"}': '1x60',
      }),
    ],
  }),
]);
