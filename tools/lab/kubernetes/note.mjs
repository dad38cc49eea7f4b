import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `up` notes the cluster it started, one per checkout. */
export const noteFile = join(
  dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))),
  '.conclave/lab/kubernetes.json',
);
