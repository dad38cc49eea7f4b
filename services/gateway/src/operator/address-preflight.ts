import { OperatorError, type PreflightCheck } from '@conclave/platform';
import type { Config } from '../config.js';

const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether browsers will give cameras and microphones to pages of the public address. */
export const addressCheck = ({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): PreflightCheck => ({
  name: 'public address',
  run: async () => {
    const { protocol, hostname, pathname } = new URL(PUBLIC_URL);
    if (protocol !== 'https:' && !local.test(hostname))
      throw new OperatorError(
        `PUBLIC_URL is ${PUBLIC_URL}: without https, browsers give no camera and keep no session.`,
      );
    if (pathname !== '/') throw new OperatorError(`PUBLIC_URL is ${PUBLIC_URL}: it must be an origin without a path.`);
    return PUBLIC_URL;
  },
});
