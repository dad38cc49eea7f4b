import { connect } from 'node:net';
import { OperatorError, type PreflightCheck } from '@conclave/platform';

/** Whether somebody listens there. What starts together with the gateway may come later, so one is given some time. */
export const reachCheck = (name: string, url: string, timeoutMs = 10_000): PreflightCheck => ({
  name,
  run: async (signal) => {
    const { hostname, port, protocol } = new URL(url);
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
    const end = Date.now() + timeoutMs;
    for (;;) {
      const fault = await attempt(target);
      if (!fault) return `answers at ${url}`;
      if (Date.now() > end || signal.aborted || fault === 'ENOTFOUND') {
        throw new OperatorError(
          `${name} at ${url} cannot be reached (${fault}); check host, port, firewall and NetworkPolicy.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  },
});

const attempt = (target: { host: string; port: number }): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ ...target, timeout: 3000 });
    const end = (fault?: string): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'no answer'));
  });
