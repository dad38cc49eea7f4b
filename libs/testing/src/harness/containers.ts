import type { ServerRunner } from './runner.js';

export const containers = null as unknown as ServerRunner;
