/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a process told Prometheus. */
export interface Figures {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** Every name that was declared or told; histograms by their base name as well. */
  readonly names: ReadonlySet<string>;
  /** Sum of all samples of that name whose labels hold these. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus. */
export function readFigures(text: string): Figures {
  const samples: Sample[] = [];
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const declared = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
    if (declared) names.add(declared);
    const [, name, labels = '', value] = (line.startsWith('#') ? null : LINE.exec(line)) ?? [];
    if (!name) continue;
    names.add(name);
    const pairs = [...labels.matchAll(LABEL)].map(([, key, content]) => [key, content] as const);
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) });
  }
  return {
    text,
    samples,
    names,
    sum: (name, labels = {}) =>
      samples
        .filter(
          (one) => one.name === name && Object.entries(labels).every(([key, wanted]) => one.labels[key] === wanted),
        )
        .reduce((sum, { value }) => sum + value, 0),
  };
}

/** Asks a process. */
export async function scrape(port: number): Promise<Figures> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!response.ok) throw new Error(`/metrics on port ${port} answered ${response.status}`);
  return readFigures(await response.text());
}
