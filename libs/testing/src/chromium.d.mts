/** Path of the Chromium that journeys run in: CHROMIUM_PATH, else the first one on PATH, else the fetched one; undefined where there is none. */
export function chromiumPath(): string | undefined;
/** The same; where there is none it is fetched into the user's cache. @throws Error that says why it cannot be had */
export function ensureChromium(say?: (line: string) => void): Promise<string>;
