/** Path of the Chromium that journeys run in: CHROMIUM_PATH, else the first one on PATH; undefined where there is none. */
export function chromiumPath(): string | undefined;
