import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testProduct } from '@conclave/testing';

/** Starts the product once for all journeys and tells them where it is; its log is kept for whoever looks into a failure. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, folder, ports, lines, stop } = await testProduct();
  process.env['CONCLAVE_URL'] = url;
  process.env['CONCLAVE_FOLDER'] = folder;
  process.env['CONCLAVE_FACTS'] = JSON.stringify({ ports });
  return async () => {
    await stop();
    await writeFile(join(import.meta.dirname, '../../test-results/product.log'), lines.join('\n')).catch(
      () => undefined,
    );
  };
}
