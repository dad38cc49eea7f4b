import { inject, Injectable, InjectionToken } from '@angular/core';
import { Session } from '../session/session';
import { serverNow } from '../time/server-clock';
import { keptFor, type KeptUpload } from '../device/kept-rows';

export type { KeptUpload } from '../device/kept-rows';

/** Where they lie, replaceable in tests. */
export const UPLOAD_ROWS = new InjectionToken<typeof keptFor>('UPLOAD_ROWS', { factory: () => keptFor });

/**
 * What this device has to know of uploads so that they outlast a reload: their key, and the file's handle where the browser gave one,
 * otherwise its fingerprint. It goes when the upload ends, when the person signs out, and after a day.
 */
@Injectable({ providedIn: 'root' })
export class KeptUploads {
  private readonly session = inject(Session);
  private readonly rowsFor = inject(UPLOAD_ROWS);

  /** Those of this person and room, in their order. */
  async of(slug: string): Promise<readonly KeptUpload[]> {
    const whose = this.session.me()?.id ?? '';
    const rows = (await this.rowsFor((all) => all())) ?? [];
    return rows.filter((row) => row.slug === slug && row.userId === whose).sort((a, b) => a.order - b.order);
  }

  async keep(rows: readonly Omit<KeptUpload, 'userId' | 'keptAt'>[]): Promise<void> {
    const userId = this.session.me()?.id ?? '';
    if (userId === '') return;
    const keptAt = serverNow();
    await this.rowsFor((_all, _remove, put) => {
      for (const row of rows) put({ ...row, userId, keptAt });
      return Promise.resolve();
    });
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.rowsFor((_all, remove) => {
      for (const key of keys) remove(key);
      return Promise.resolve();
    });
  }
}
