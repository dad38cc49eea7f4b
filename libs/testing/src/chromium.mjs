import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the Chromium that journeys run in: CHROMIUM_PATH, else the first one on PATH; undefined where there is none. */
export function chromiumPath() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
