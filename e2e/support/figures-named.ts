import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { methodTable, services } from '@conclave/contracts';

/** The processes that are ours. */
export const processes = [...Object.keys(services), 'gateway'];

/** A figure that an alert or a dashboard reads. */
export interface NamedFigure {
  readonly name: string;
  /** What its `job` must match; undefined where it is read from whoever tells it. */
  readonly job: string | undefined;
  /** The file that names it. */
  readonly where: string;
}

const files = join(import.meta.dirname, '../../deploy/helm/conclave/files');

/** What Prometheus, its exporters and the servers beside ours tell; recorded figures have a colon. Everything else is ours. */
const foreign =
  /^(?:up|ALERTS)$|:|^(?:kube|kubelet|container|certmanager|probe|cnpg|pg|redis|minio|SeaweedFS|livekit|nats_varz|nats_consumer)_/;

/** The servers beside ours, as `job` names them. */
const foreignJob = /^(?:livekit|nats|postgres|minio|redis)$/;

/** Whether one of our processes has to tell it. Whatever no exporter is known by counts as ours: a misspelt name is found, too. */
export const isOurs = ({ name, job = '' }: NamedFigure): boolean => !foreign.test(name) && !foreignJob.test(job);

/** Lists of labels, and what stands between quotation marks or as a span of time, are no figures. */
const labelList = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const range = /\[[^\]]*\]/g;
const operators = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** Every figure of an expression in PromQL. */
function figuresOf(expr: string): Omit<NamedFigure, 'where'>[] {
  const plain = expr.replaceAll(labelList, ' ').replaceAll(range, ' ');
  const found = plain.matchAll(/"(?:[^"\\]|\\.)*"|([a-zA-Z_:][\w:]*)\s*(\{(?:"(?:[^"\\]|\\.)*"|[^}"])*\}|\(?)/g);
  return [...found].flatMap(([, name, rest = '']) => {
    if (!name || rest === '(' || operators.has(name)) return [];
    return [{ name: name.replace(/_(?:bucket|count|sum)$/, ''), job: /\bjob=~?"([^"]*)"/.exec(rest)?.[1] }];
  });
}

/** Every figure that an alert or a dashboard of the chart names. */
export async function namedFigures(): Promise<NamedFigure[]> {
  const read = async (folder: string, exprs: (text: string) => string[]): Promise<NamedFigure[]> => {
    const names = await readdir(join(files, folder));
    const texts = await Promise.all(names.map((name) => readFile(join(files, folder, name), 'utf8')));
    return texts.flatMap((text, index) =>
      exprs(text).flatMap((expr) => figuresOf(expr).map((one) => ({ ...one, where: names[index] ?? '' }))),
    );
  };
  const alerts = await read('alerts', (text) =>
    [...text.matchAll(/^ {8}expr: \|\n((?: {10}.*\n)+)/gm)].map(([, expr = '']) => expr),
  );
  const dashboards = await read('dashboards', (text) =>
    [...text.matchAll(/"expr": (".*")/g)].map(([, expr]) => JSON.parse(expr ?? '""') as string),
  );
  return [...alerts, ...dashboards];
}

/** Whoever the contract lets follow a feed. */
const followers = methodTable
  .filter(({ subject }) => /\.FeedService\./.test(subject))
  .flatMap(({ callers }) => callers);

/**
 * Which of our processes have to tell a figure: those that its `job` matches; else the one that it is named after; else all
 * that have what it is about (the gateway has no database, and only who follows a feed can be behind).
 */
export function tellersOf({ name, job }: NamedFigure): readonly string[] {
  if (job !== undefined) return processes.filter((process) => new RegExp(`^(?:${job})$`).test(process));
  const owner = processes.find((process) => name.startsWith(`${process}_`));
  if (owner) return [owner];
  if (name.startsWith('db_')) return Object.keys(services);
  if (name.startsWith('feed_')) return followers;
  return processes;
}
