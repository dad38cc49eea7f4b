import { productServices, type ProductService } from './services.js';

/** How many of everything. */
export interface Scale {
  /** Processes of each service. */
  readonly replicas: number;
  /** Nodes of LiveKit; more than one need Redis. */
  readonly mediaNodes: number;
}

/** One of everything. */
export const single: Scale = { replicas: 1, mediaNodes: 1 };

/** Most of anything that one machine is asked to run. */
export const largestScale = 8;

/** Names of the processes of something that runs so many times: `rooms`, or `rooms-1` and `rooms-2`. */
export const replicaNames = (base: string, count: number): readonly string[] =>
  count === 1 ? [base] : Array.from({ length: count }, (_, index) => `${base}-${index + 1}`);

/** What a process is a replica of: `rooms` for `rooms-2`. */
export const baseName = (name: string): string => name.replace(/-\d+$/, '');

/** The service that a process runs, or null for a server. */
export const serviceOf = (name: string): ProductService | null =>
  productServices.find((service) => service === baseName(name)) ?? null;
