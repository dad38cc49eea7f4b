// Panels of Grafana, one function each. A dashboard is a list of rows, a row a list of panels that share its width.

const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Where everything is cut down to one installation; `.*` where there is only one. */
export const NS = 'namespace=~"$namespace"';

const letters = 'ABCDEFGHIJ';
const targetsOf = (queries) =>
  Object.entries(queries).map(([legendFormat, expr], index) => ({
    refId: letters[index],
    datasource,
    expr,
    legendFormat,
    editorMode: 'code',
    range: true,
  }));

const panel = (type, title, queries, { unit = 'short', says = '', ...defaults } = {}, options = {}) => ({
  type,
  title,
  description: says,
  datasource,
  targets: targetsOf(queries),
  fieldConfig: { defaults: { unit, ...defaults }, overrides: [] },
  options,
});

/** Lines over time. `queries`: legend -> PromQL. */
export const lines = (title, queries, facts = {}) =>
  panel(
    'timeseries',
    title,
    queries,
    { min: 0, custom: { lineWidth: 1, fillOpacity: 8, showPoints: 'never', spanNulls: true }, ...facts },
    { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  );

/** One figure, coloured by thresholds: [[from, colour], …]. */
export const figure = (title, expr, { thresholds = [], ...facts } = {}) =>
  panel(
    'stat',
    title,
    { '': expr },
    {
      ...facts,
      thresholds: {
        mode: 'absolute',
        steps: [{ color: 'green', value: null }, ...thresholds.map(([value, color]) => ({ color, value }))],
      },
    },
    { colorMode: 'value', graphMode: 'area', reduceOptions: { calcs: ['lastNotNull'] } },
  );

/** Share of an objective's budget of 30 days that is left; red below a quarter. */
export const budget = (title, slo, target) =>
  panel(
    'gauge',
    title,
    {
      '': `1 - avg_over_time(conclave:slo_errors:ratio_rate1h{slo="${slo}",${NS}}[30d]) / ${(1 - target).toFixed(4) * 1}`,
    },
    {
      unit: 'percentunit',
      min: 0,
      max: 1,
      says: `Objective: ${target * 100} % over 30 days. What is left of the errors that it allows.`,
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: 'red', value: null },
          { color: 'orange', value: 0.25 },
          { color: 'green', value: 0.5 },
        ],
      },
    },
    { reduceOptions: { calcs: ['lastNotNull'] } },
  );

/** The alerts that fire now, of our own groups. */
export const firing = (title, matcher = '') =>
  panel(
    'table',
    title,
    { '': `ALERTS{alertstate="firing"${matcher && `,${matcher}`}}` },
    { says: 'Each has a page in docs/runbooks.' },
    { showHeader: true },
  );

const WIDTH = 24;
const HEIGHT = 8;

/** A whole dashboard. `rows`: title -> panels. */
export function board(uid, title, rows) {
  const panels = [];
  let y = 0;
  let id = 1;
  for (const [rowTitle, members] of Object.entries(rows)) {
    panels.push({
      id: id++,
      type: 'row',
      title: rowTitle,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
    });
    y += 1;
    const w = Math.floor(WIDTH / members.length);
    members.forEach((member, index) => {
      panels.push({ id: id++, ...member, gridPos: { x: index * w, y, w, h: HEIGHT } });
    });
    y += HEIGHT;
  }
  return {
    uid,
    title,
    tags: ['conclave'],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Conclave',
        tags: ['conclave'],
        asDropdown: true,
        keepTime: true,
        includeVars: true,
      },
    ],
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'namespace',
          label: 'Namespace',
          type: 'query',
          datasource,
          query: 'label_values(build_info, namespace)',
          includeAll: true,
          // Also where no such label exists: outside of Kubernetes.
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
          refresh: 2,
        },
      ],
    },
    panels,
  };
}
