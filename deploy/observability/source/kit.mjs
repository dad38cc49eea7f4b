// Words of which alerts are made. An alert says what is wrong for whom, how bad it is, and carries two examples: input with
// which it must fire and input with which it must stay quiet. `generate.mjs` turns both into files for Prometheus.

/** How fast somebody must look: `critical` pages, `warning` is a ticket, `info` is for whoever looks anyway. */
export const severities = ['critical', 'warning', 'info'];

/** A group of alerts, one file. */
export const group = (name, says, alerts, records = []) => ({ name, says, alerts, records });

/**
 * One alert.
 * - `expr`: PromQL; `for`: how long it must hold
 * - `summary`: one sentence for whoever is woken; `dashboard`: where to look
 * - `fires` (one or several), `quiet`: examples (see `example`)
 */
export const alert = (name, facts) => ({ name, labels: {}, ...facts });

/**
 * Input series and when to look. `series` maps a series to its values as promtool writes them; `labels` are those of the alert
 * that fires beyond severity; `interval` lies between two values, `evaluate` between two looks of the rules; `also` names
 * slower burns of the same objective that fire with it.
 */
export const example = (at, series, { labels = {}, interval = '1m', evaluate = '1m', also = [] } = {}) => ({
  at,
  series,
  labels,
  interval,
  evaluate,
  also,
});
