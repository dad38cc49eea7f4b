import type { PersistenceOptions } from '../orm/options.js';

/** Name of the advisory lock that the migrations of one connection queue on. */
export const migrationLock = ({ service, name }: Pick<PersistenceOptions, 'service' | 'name'>): string =>
  name ? `${service}.${name}` : service;
