// Service level objectives over 30 days, and the burn rates that alert: 14.4x over 1 h and 6x over 6 h page (2 % and 5 % of the
// month's budget are gone), 1x over 3 days is a ticket. Each looks at a short window too, so that it ends soon after the trouble,
// and at the traffic, so that one failure in a quiet night is no alert.
import { alert, example, group } from './kit.mjs';

const by = (inner) => `sum by (namespace) (${inner})`;
const rate = (selector, window) => by(`rate(${selector}[${window}])`);

/** Streams of bytes last as long as the bytes do, so the API's latency is that of everything else. */
const api =
  'job="gateway",route!~"unmatched|.*/content|.*/files|.*/uploads|.*/uploads/.*|.*/entry/word|.*/csp-reports"';

/** Buckets of LiveKit are powers of 100^(1/14): the one next to 5 s ends at 5.18 s. */
const fiveSeconds = 'le=~"5179[.].*"';

/** Each objective: what counts as bad and what counts at all, over a window; how much of it must be good; from how many on. */
export const objectives = [
  {
    slo: 'join',
    alert: 'JoinSloBurn',
    title: 'Joining a meeting',
    target: 0.995,
    traffic: 20,
    dashboard: 'conclave-meetings',
    summary: 'People fail to join meetings faster than the objective of 99.5 % allows.',
    bad: (w) => rate('livekit_participant_join_total{state="rtc_failure"}', w),
    total: (w) => rate('livekit_participant_join_total{state=~"rtc_success|rtc_failure"}', w),
    series: (bad, good) => ({
      'livekit_participant_join_total{job="livekit",state="rtc_failure"}': bad,
      'livekit_participant_join_total{job="livekit",state="rtc_success"}': good,
    }),
  },
  {
    slo: 'time-to-media',
    alert: 'TimeToMediaSloBurn',
    title: 'Media within 5 s',
    target: 0.95,
    traffic: 20,
    dashboard: 'conclave-meetings',
    summary: 'Media starts later than 5 s for more people than the objective of 95 % allows.',
    bad: (w) =>
      `${rate('livekit_session_start_time_ms_count', w)} - ${rate(`livekit_session_start_time_ms_bucket{${fiveSeconds}}`, w)}`,
    total: (w) => rate('livekit_session_start_time_ms_count', w),
    series: (bad, good, all) => ({
      'livekit_session_start_time_ms_count{job="livekit"}': all,
      'livekit_session_start_time_ms_bucket{job="livekit",le="5179.474679231213"}': good,
    }),
  },
  {
    slo: 'call-loss',
    alert: 'CallLossSloBurn',
    title: 'Calls with at most 5 % packet loss',
    target: 0.97,
    traffic: 200,
    dashboard: 'conclave-meetings',
    summary: 'More media arrives with over 5 % packet loss than the objective of 97 % allows.',
    bad: (w) =>
      `${rate('livekit_packet_loss_percent_count', w)} - ${rate('livekit_packet_loss_percent_bucket{le="5"}', w)}`,
    total: (w) => rate('livekit_packet_loss_percent_count', w),
    series: (bad, good, all) => ({
      'livekit_packet_loss_percent_count{job="livekit"}': all,
      'livekit_packet_loss_percent_bucket{job="livekit",le="5"}': good,
    }),
  },
  {
    slo: 'call-delay',
    alert: 'CallDelaySloBurn',
    title: 'Calls with at most 250 ms round trip',
    target: 0.97,
    traffic: 200,
    dashboard: 'conclave-meetings',
    summary: 'More media has a round trip over 250 ms than the objective of 97 % allows.',
    bad: (w) => `${rate('livekit_rtt_ms_count', w)} - ${rate('livekit_rtt_ms_bucket{le="250"}', w)}`,
    total: (w) => rate('livekit_rtt_ms_count', w),
    series: (bad, good, all) => ({
      'livekit_rtt_ms_count{job="livekit"}': all,
      'livekit_rtt_ms_bucket{job="livekit",le="250"}': good,
    }),
  },
  {
    slo: 'api-availability',
    alert: 'ApiAvailabilitySloBurn',
    title: 'API answers without an error of ours',
    target: 0.999,
    traffic: 200,
    dashboard: 'conclave-gateway',
    summary: 'The API answers with errors of ours (5xx) faster than the objective of 99.9 % allows.',
    bad: (w) => rate('http_server_request_duration_seconds_count{job="gateway",status=~"5.."}', w),
    total: (w) => rate('http_server_request_duration_seconds_count{job="gateway"}', w),
    series: (bad, good) => ({
      'http_server_request_duration_seconds_count{job="gateway",route="/api/v1/rooms",status="503"}': bad,
      'http_server_request_duration_seconds_count{job="gateway",route="/api/v1/rooms",status="200"}': good,
    }),
  },
  {
    slo: 'api-latency',
    alert: 'ApiLatencySloBurn',
    title: 'API answers within 300 ms',
    target: 0.99,
    traffic: 200,
    dashboard: 'conclave-gateway',
    summary: 'More API calls than the objective of 99 % allows take longer than 300 ms.',
    bad: (w) =>
      `${rate(`http_server_request_duration_seconds_count{${api}}`, w)} - ${rate(`http_server_request_duration_seconds_bucket{${api},le="0.3"}`, w)}`,
    total: (w) => rate(`http_server_request_duration_seconds_count{${api}}`, w),
    series: (bad, good, all) => ({
      'http_server_request_duration_seconds_count{job="gateway",route="/api/v1/rooms",status="200"}': all,
      'http_server_request_duration_seconds_bucket{job="gateway",route="/api/v1/rooms",status="200",le="0.3"}': good,
    }),
  },
  {
    slo: 'login',
    alert: 'LoginSloBurn',
    title: 'Signing in works',
    target: 0.999,
    traffic: 50,
    dashboard: 'conclave-auth',
    summary: 'Signing in breaks (wrong passwords do not count) faster than the objective of 99.9 % allows.',
    bad: (w) => rate('auth_login_total{outcome="error"}', w),
    total: (w) => rate('auth_login_total', w),
    series: (bad, good) => ({
      'auth_login_total{job="auth",method="password",outcome="error"}': bad,
      'auth_login_total{job="auth",method="password",outcome="wrong"}': good,
    }),
  },
  {
    slo: 'files',
    alert: 'FilesSloBurn',
    title: 'Uploads and downloads succeed',
    target: 0.999,
    traffic: 50,
    dashboard: 'conclave-files',
    summary: 'Uploads or downloads break by a fault of ours faster than the objective of 99.9 % allows.',
    bad: (w) =>
      rate('files_op_total{op=~"upload|download",outcome=~"INTERNAL|UNAVAILABLE|DEADLINE_EXCEEDED|FILE_INTEGRITY"}', w),
    total: (w) => rate('files_op_total{op=~"upload|download"}', w),
    series: (bad, good) => ({
      'files_op_total{job="files",op="upload",outcome="UNAVAILABLE"}': bad,
      'files_op_total{job="files",op="upload",outcome="ok"}': good,
    }),
  },
  {
    slo: 'session-kept',
    alert: 'SessionKeptSloBurn',
    title: 'Meetings outlive our restarts',
    target: 0.999,
    traffic: 50,
    dashboard: 'conclave-meetings',
    summary: 'More connections than the objective of 99.9 % allows were ended by a restart of a media server.',
    bad: (w) => rate('rooms_connections_ended_total{reason="server_shutdown"}', w),
    total: (w) => rate('rooms_connections_ended_total', w),
    series: (bad, good) => ({
      'rooms_connections_ended_total{job="rooms",reason="server_shutdown"}': bad,
      'rooms_connections_ended_total{job="rooms",reason="left"}': good,
    }),
  },
];

const burns = [
  { burn: 'fast', severity: 'critical', factor: 14.4, long: '1h', short: '5m', evaluate: '5m' },
  { burn: 'slow', severity: 'critical', factor: 6, long: '6h', short: '30m', evaluate: '30m' },
  { burn: 'ticket', severity: 'warning', factor: 1, long: '3d', short: '6h', evaluate: '2h' },
];
const windows = ['5m', '30m', '1h', '6h', '3d'];

const records = objectives.flatMap((objective) => [
  ...windows.map((window) => ({
    record: `conclave:slo_errors:ratio_rate${window}`,
    // Without traffic there is no share at all, rather than one that is not a number and spoils every average.
    expr: `(${objective.bad(window)})\n/\n(${objective.total(window)} > 0)`,
    labels: { slo: objective.slo },
  })),
  ...['1h', '6h', '3d'].map((window) => ({
    record: `conclave:slo_traffic:increase${window}`,
    expr: objective.total(window).replaceAll('rate(', 'increase('),
    labels: { slo: objective.slo },
  })),
]);

const seconds = { '1h': 3600, '6h': 21600, '3d': 259200 };

/** Input of `long` with a share of bad ones, at a rate well above the guard, or (quiet) at the same share far below it. */
function shares(objective, { long }, share, total) {
  const step = long === '3d' ? 900 : 60;
  const steps = Math.ceil((seconds[long] * 1.1) / step);
  const each = (total / (seconds[long] / step)).toFixed(6) * 1;
  const run = (part) => `0+${(each * part).toFixed(8) * 1}x${steps}`;
  return { series: objective.series(run(share), run(1 - share), run(1)), step };
}

function burnAlert(objective, burn) {
  const limit = `(${burn.factor} * ${(1 - objective.target).toFixed(4) * 1})`;
  const ratio = (window) => `conclave:slo_errors:ratio_rate${window}{slo="${objective.slo}"}`;
  const share = Math.min(1, burn.factor * (1 - objective.target) * 1.3);
  const labels = { slo: objective.slo, burn: burn.burn };
  const at = burn.long === '3d' ? '74h' : burn.long;
  const also = burns.slice(burns.indexOf(burn) + 1).map((slower) => slower.burn);
  const made = (part, total) => {
    const { series, step } = shares(objective, burn, part, total);
    return example(at, series, { interval: `${step}s`, evaluate: burn.evaluate, labels, also });
  };
  return alert(objective.alert, {
    expr:
      `(\n  ${ratio(burn.long)} > ${limit}\n  and\n  ${ratio(burn.short)} > ${limit}\n)\n` +
      `and\nconclave:slo_traffic:increase${burn.long}{slo="${objective.slo}"} >= ${objective.traffic}`,
    severity: burn.severity,
    labels,
    summary: `${objective.summary} Burn: ${burn.factor} times the budget over ${burn.long}.`,
    dashboard: objective.dashboard,
    fires: made(share, objective.traffic * 20),
    // Twice: within the objective under full traffic, and beyond it with hardly any.
    quiet: [made((1 - objective.target) * 0.5, objective.traffic * 20), made(share, objective.traffic * 0.5)],
  });
}

export default group(
  'slo',
  'Objectives over 30 days and the rates at which their budgets burn',
  objectives.flatMap((objective) => burns.map((burn) => burnAlert(objective, burn))),
  records,
);
