import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError, type PreflightCheck } from '@conclave/platform';
import type { Config } from '../config.js';

/** Whether the web app is there. */
export const webCheck = ({ WEB_ROOT }: Pick<Config, 'WEB_ROOT'>): PreflightCheck => ({
  name: 'web app',
  run: async () => {
    await access(join(WEB_ROOT, 'index.html')).catch((cause: unknown) => {
      throw new OperatorError(`WEB_ROOT (${WEB_ROOT}) holds no index.html; in the image it is /app/web.`, { cause });
    });
    return `lies in ${WEB_ROOT}`;
  },
});
