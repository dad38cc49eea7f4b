import { DomainError } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import { leaseSeconds } from '../file/space.js';
import { Uploads, type Upload } from '../file/uploads.js';
import type { PresenceWatch, StreamOwner } from './presence-watch.js';
import { PresenceWatches } from './presence-watches.js';
import { RunningUploads } from './running-uploads.js';
import { Stall } from './stall.js';

/** How often a running upload renews its lease; it runs while its sender has not been silent for as long as a lease is. */
const renewEveryMs = 10_000;

/** What may end the body of one connection before its time. */
export interface UploadGuard {
  /** Fires with the reason, whichever it is. */
  readonly signal: AbortSignal;
  /** Of the person's presence. */
  readonly watch: PresenceWatch;
  /** Of the whole stream, whoever keeps it waiting. */
  readonly stall: Stall;
  /** Of its sender. */
  readonly sender: Stall;
  end(): void;
}

/** Watches over uploads while their bytes come: presence, a newer request, silence, and a lease that somebody else has. */
@Injectable()
export class UploadGuards {
  constructor(
    private readonly watches: PresenceWatches,
    private readonly running: RunningUploads,
    private readonly uploads: Uploads,
  ) {}

  /** Proves presence first. Whoever goes in the middle ends the body; what has come of an upload that is kept is stored all the same. */
  async begin(upload: Upload, owner: StreamOwner, gone: AbortSignal): Promise<UploadGuard> {
    const watch = await this.watches.begin(owner);
    const running = this.running.begin(upload.fileId, upload.epoch);
    const [stall, sender] = [new Stall(), new Stall(leaseSeconds * 1000)];
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(upload, lost), renewEveryMs);
    const ends = [watch.signal, running.signal, stall.signal, sender.signal, lost.signal];
    return {
      ...{ watch, stall, sender },
      signal: AbortSignal.any(upload.expiresAt ? ends : [...ends, gone]),
      end: () => {
        clearInterval(renewal);
        for (const each of [running, stall, sender, watch]) each.end();
      },
    };
  }

  /** What cannot be said now is said ten seconds later; a lease that is gone ends the upload. */
  private async renew({ fileId, epoch }: Upload, lost: AbortController): Promise<void> {
    const held = await this.uploads.renew(fileId, epoch).catch(() => true);
    if (!held) lost.abort(new DomainError('UPLOAD_ABORTED', { message: 'the file was given up meanwhile' }));
  }
}
