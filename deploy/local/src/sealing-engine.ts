/** Why an engine was taken, in words; the keys are what files says in its metric. */
const reasons: Readonly<Record<string, string>> = {
  fastest: 'the fastest that this processor can follow',
  'asked-for': 'SEALING_ENGINE asks for it',
  'no-module': 'the native engine was not built',
  'not-loadable': 'the native engine cannot be loaded',
  'other-version': 'the native engine is of another version',
  'no-instructions': 'this processor has not the instructions of the native engine',
  'fails-its-test': 'the native engine fails its test',
};

/** What seals, as the metrics of files say it: engine, path, and why. Null where they do not. */
export function readEngine(metrics: string): string | null {
  const labels = /^files_sealing_engine_info\{([^}]*)\} 1$/m.exec(metrics)?.[1];
  if (labels === undefined) return null;
  const label = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? 'unknown';
  const reason = label('reason');
  return `${label('engine')}, ${label('path')}: ${reasons[reason] ?? reason}`;
}

/** Asks a process of files, which listens on that port for such questions. */
export async function engineOf(port: number): Promise<string | null> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });
  return readEngine(await response.text());
}
