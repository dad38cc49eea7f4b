// The chart as the node lab installs it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The profile that is installed, and what the lab says beyond it. */
export const valuesFiles = (chart) => [join(chart, 'values-evaluation.yaml')];

/** Many people come from one address here: the test. */
export const settings = ['gateway.rateLimitScale=1000'];

/** Every image that the profile renders: services, servers, jobs, hooks and tests. */
export async function imagesOfChart({ chart, helm }) {
  const args = ['template', 'conclave', chart, ...valuesFiles(chart).flatMap((file) => ['--values', file])];
  const { stdout } = await run(helm, args, { maxBuffer: 64 << 20 });
  const found = [...stdout.matchAll(/^\s*(?:- )?image: "?([^\s"]+)"?$/gm)].map(([, reference]) => reference);
  return [...new Set(found)].sort();
}
