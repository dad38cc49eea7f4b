import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';

/** What a stream of bytes does here. */
export type StreamKind = 'upload' | 'download';

/** As many streams as this process takes at once, of one person and of all. */
export const mostStreams = { upload: 128, download: 256 } as const satisfies Record<StreamKind, number>;
export const mostOfPerson = { upload: 64, download: 64 } as const satisfies Record<StreamKind, number>;

/** Whoever finds no place asks again then. */
const retryAfterSeconds = 5;

/** Batches of 1 MiB that all streams together may hold ahead of whoever takes them. */
const batchesOfAll = 48;
/** Of these, what each has whatever happens: one that is being filled, one that is being handed over. */
const inHand = 2;

/**
 * The streams that run in this process. Each has its place, so that neither one person nor a crowd takes all of its memory; and the
 * more there are, the less each goes ahead of the store or of its reader.
 */
@Injectable()
export class Streams {
  private readonly open = { upload: 0, download: 0 };
  private readonly persons = new Map<string, number>();

  /**
   * Takes a place until the returned function is called.
   *
   * @throws DomainError BUSY when there is none, or when the person holds as many as they may
   */
  reserve(kind: StreamKind, userId: string): () => void {
    const whose = `${kind} ${userId}`;
    const held = this.persons.get(whose) ?? 0;
    if (this.open[kind] >= mostStreams[kind] || held >= mostOfPerson[kind])
      throw new DomainError('BUSY', { retryAfterSeconds, message: `no place for another ${kind}` });
    this.open[kind] += 1;
    this.persons.set(whose, held + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.open[kind] -= 1;
      const left = (this.persons.get(whose) ?? 1) - 1;
      if (left > 0) this.persons.set(whose, left);
      else this.persons.delete(whose);
    };
  }

  /** Batches that one stream may have ready now; at least the one that is worked on. */
  get ahead(): number {
    const streams = Math.max(1, this.open.upload + this.open.download);
    return Math.max(1, Math.floor(batchesOfAll / streams) - inHand);
  }
}
