// Meetings: LiveKit's figures, and what rooms knows of it.
import { alert, example, group } from './kit.mjs';

const slowly = { interval: '5m', evaluate: '5m' };
const draining = (container) => ({
  'kube_pod_deletion_timestamp{namespace="meet",pod="pod-0"}': '18600x70',
  [`kube_pod_container_info{namespace="meet",pod="pod-0",container="${container}"}`]: '1x70',
});

export default group('meetings', 'Meetings and the media servers', [
  alert('LiveKitNoNode', {
    expr: '(sum by (namespace) (up{job="livekit"}) or vector(0)) == 0',
    for: '2m',
    severity: 'critical',
    summary: 'No media server is up: nobody can meet.',
    dashboard: 'conclave-meetings',
    fires: example('5m', { 'up{job="livekit",instance="a"}': '0x10' }),
    quiet: [example('5m', { 'up{job="livekit",instance="a"}': '0x10', 'up{job="livekit",instance="b"}': '1x10' })],
  }),
  alert('LiveKitNodeSaturated', {
    expr:
      'max by (namespace, pod) (rate(container_cpu_usage_seconds_total{container="livekit"}[5m]))\n' +
      '/ on (namespace, pod)\n' +
      'max by (namespace, pod) (kube_pod_container_resource_limits{container="livekit",resource="cpu"})\n> 0.7\n' +
      'or\nmax by (namespace, instance) (rate(process_cpu_seconds_total{job="livekit"}[5m])) > 0.7 * 16\n' +
      'or\nsum by (namespace, instance) (livekit_track_subscribed_total{job="livekit"}) > 5000',
    for: '10m',
    severity: 'warning',
    summary: 'The media server {{ $labels.pod }} is at more than 70 % of its CPU or forwards over 5,000 tracks.',
    dashboard: 'conclave-meetings',
    fires: example(
      '20m',
      {
        'container_cpu_usage_seconds_total{namespace="meet",pod="livekit-0",container="livekit"}': '0+204x30',
        'kube_pod_container_resource_limits{namespace="meet",pod="livekit-0",container="livekit",resource="cpu"}':
          '4x30',
      },
      { labels: { namespace: 'meet', pod: 'livekit-0' } },
    ),
    quiet: [
      example('20m', {
        'container_cpu_usage_seconds_total{namespace="meet",pod="livekit-0",container="livekit"}': '0+120x30',
        'kube_pod_container_resource_limits{namespace="meet",pod="livekit-0",container="livekit",resource="cpu"}':
          '4x30',
        'livekit_track_subscribed_total{job="livekit",instance="a",kind="video"}': '900x30',
      }),
    ],
  }),
  alert('LiveKitDrainTooLong', {
    // Kubernetes' deletion timestamp is the end of the grace period (5 h): the pod is killed then, whoever is still in a call.
    expr:
      'max by (namespace, pod) (kube_pod_deletion_timestamp and on (namespace, pod) kube_pod_container_info{container="livekit"})\n' +
      '- time() < 3600',
    severity: 'warning',
    summary: 'The media server {{ $labels.pod }} still has a meeting and will be killed within the hour.',
    dashboard: 'conclave-rollout',
    fires: example('260m', draining('livekit'), { labels: { namespace: 'meet', pod: 'pod-0' }, ...slowly }),
    quiet: [example('120m', draining('livekit'), slowly), example('260m', draining('auth'), slowly)],
  }),
  alert('MediaPathBlocked', {
    expr:
      '1 - sum by (namespace) (increase(livekit_peer_connection_state{state="ice_connected"}[30m]))\n' +
      '/ sum by (namespace) (increase(livekit_peer_connection_state{state="started"}[30m]))\n> 0.2\n' +
      'and sum by (namespace) (increase(livekit_peer_connection_state{state="started"}[30m])) > 20',
    for: '10m',
    severity: 'critical',
    summary:
      'Signalling works, but one in five connections finds no path for media: a firewall, a port or an address changed.',
    dashboard: 'conclave-meetings',
    fires: example('45m', {
      'livekit_peer_connection_state{job="livekit",transport="PUBLISHER",state="started"}': '0+4x60',
      'livekit_peer_connection_state{job="livekit",transport="PUBLISHER",state="ice_connected"}': '0+2x60',
    }),
    quiet: [
      example('45m', {
        'livekit_peer_connection_state{job="livekit",transport="PUBLISHER",state="started"}': '0+4x60',
        'livekit_peer_connection_state{job="livekit",transport="PUBLISHER",state="ice_connected"}': '0+3.8x60',
      }),
    ],
  }),
  alert('WebhookLagHigh', {
    expr:
      'histogram_quantile(0.95, sum by (namespace, le) (rate(rooms_webhook_lag_seconds_bucket[5m]))) > 30\n' +
      'and sum by (namespace) (increase(rooms_webhook_lag_seconds_count[5m])) > 5',
    for: '5m',
    severity: 'warning',
    summary: 'What happens in meetings reaches rooms more than 30 s late.',
    dashboard: 'conclave-rooms',
    fires: example('20m', {
      'rooms_webhook_lag_seconds_bucket{job="rooms",le="30"}': '0x30',
      'rooms_webhook_lag_seconds_bucket{job="rooms",le="120"}': '0+5x30',
      'rooms_webhook_lag_seconds_bucket{job="rooms",le="+Inf"}': '0+5x30',
      'rooms_webhook_lag_seconds_count{job="rooms"}': '0+5x30',
    }),
    quiet: [
      example('20m', {
        'rooms_webhook_lag_seconds_bucket{job="rooms",le="1"}': '0+5x30',
        'rooms_webhook_lag_seconds_bucket{job="rooms",le="30"}': '0+5x30',
        'rooms_webhook_lag_seconds_bucket{job="rooms",le="+Inf"}': '0+5x30',
        'rooms_webhook_lag_seconds_count{job="rooms"}': '0+5x30',
      }),
    ],
  }),
  alert('WebhooksNotDelivered', {
    expr: 'sum by (namespace) (rate(livekit_webhook_dispatch_total{status!="success"}[10m])) > 0',
    for: '10m',
    severity: 'warning',
    summary: 'The media server cannot deliver its webhooks to rooms, or drops them.',
    dashboard: 'conclave-rooms',
    fires: example('30m', { 'livekit_webhook_dispatch_total{job="livekit",status="failure",reason=""}': '0+1x40' }),
    quiet: [
      example('30m', {
        'livekit_webhook_dispatch_total{job="livekit",status="success",reason=""}': '0+9x40',
        'livekit_webhook_dispatch_total{job="livekit",status="failure",reason=""}': '2x40',
      }),
    ],
  }),
  alert('RoomStateDrift', {
    expr: 'max by (namespace) (rooms_state_drift) > 0',
    for: '10m',
    severity: 'warning',
    summary: 'For 10 minutes every look finds meetings that are not as rooms believed: webhooks are lost.',
    dashboard: 'conclave-rooms',
    fires: example('20m', { 'rooms_state_drift{job="rooms",instance="a"}': '2x30' }),
    quiet: [example('20m', { 'rooms_state_drift{job="rooms",instance="a"}': '0x4 3x2 0x20' })],
  }),
  alert('LiveKitApiErrors', {
    expr: 'sum by (namespace) (rate(rooms_livekit_api_errors_total[5m])) > 0.05',
    for: '5m',
    severity: 'warning',
    summary: 'Rooms cannot talk to the media server: entry, removal and presence fail closed.',
    dashboard: 'conclave-rooms',
    fires: example('15m', { 'rooms_livekit_api_errors_total{job="rooms",method="ListParticipants"}': '0+12x20' }),
    quiet: [example('15m', { 'rooms_livekit_api_errors_total{job="rooms",method="ListParticipants"}': '0+1x20' })],
  }),
  alert('MediaRemovalStands', {
    expr: 'max by (namespace) (rooms_media_removal_oldest_seconds) > 15',
    for: '1m',
    severity: 'critical',
    summary: 'The media server has not let go of somebody who was put out: they may still be seen and heard.',
    dashboard: 'conclave-rooms',
    fires: example('5m', { 'rooms_media_removal_oldest_seconds{job="rooms",instance="a"}': '0x2 20+60x10' }),
    quiet: [example('5m', { 'rooms_media_removal_oldest_seconds{job="rooms",instance="a"}': '0x2 20 0x10' })],
  }),
]);
