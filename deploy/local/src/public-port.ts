import { createServer } from 'node:net';
import { portHolder } from './port-holder.js';

/** The public port cannot be had; the message says who has it and what to do. */
export class PortTaken extends Error {}

/** Makes sure that the gateway will get its port, before anything is started. */
export async function requirePort(port: number, host: string): Promise<void> {
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
  if (code === null) return;
  const other = port < 1024 ? 8080 : port + 1;
  const way = `Take another one: npm start -- --port ${other}`;
  if (code === 'EACCES') throw new PortTaken(`This user may not listen on port ${port}. ${way}`);
  if (code !== 'EADDRINUSE') throw new PortTaken(`Port ${port} on ${host} cannot be used (${code}). ${way}`);
  const holder = portHolder(port);
  const who = holder ? `process ${holder.pid} (${holder.command})` : 'a process that this user may not look into';
  throw new PortTaken(`Port ${port} is taken by ${who}. ${way}`);
}
