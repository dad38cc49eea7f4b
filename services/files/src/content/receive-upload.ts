import type { Readable } from 'node:stream';
import type { Permission } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import type { Dek } from '@conclave/keys';
import { Injectable } from '@nestjs/common';
import { FileIndex } from '../file/file-index.js';
import type { HopClaim } from '../file/hop-token.js';
import { Space } from '../file/space.js';
import { UploadLeases } from '../file/upload-leases.js';
import { Uploads, type Upload } from '../file/uploads.js';
import type { FileView } from '../files/file-views.js';
import { FilesMetrics } from '../files-metrics.js';
import { Vault } from '../keys/vault.js';
import { ObjectMissing, ObjectStorage } from '../objects/object-storage.js';
import { Sealing } from '../sealing/sealing.js';
import { Streams } from '../sealing/streams.js';
import { AbandonUpload } from './abandon-upload.js';
import { BodyBytes, Stretches } from './body-bytes.js';
import { FinishUpload } from './finish-upload.js';
import { takenOver } from './running-uploads.js';
import { UploadCharge } from './upload-charge.js';
import { UploadCourse, type CourseTools, type WholeObject } from './upload-course.js';
import { UploadGuards, type UploadGuard } from './upload-guards.js';
import { UploadPieces } from './upload-pieces.js';

/** A request's body, and how it may end before its time. */
export interface Incoming {
  readonly body: Readable;
  /** The request's Content-Length. */
  readonly length: number;
  /** Fires when the client goes away. */
  readonly gone: AbortSignal;
}

/** How far an upload is after a request. */
export interface Received {
  readonly stored: number;
  readonly expiresAt: Date | null;
  /** The file, once it is whole. */
  readonly view?: FileView;
}

/** One request's way through an upload, and what has come of it. */
interface Connection {
  readonly upload: Upload;
  readonly claim: HopClaim;
  readonly incoming: Incoming;
  readonly made: { view?: FileView; stored: number };
}

/**
 * Takes bytes of a file in: seals while it stores, and makes it available in one transaction. What breaks off pauses where the upload is
 * kept, with everything that is stored; elsewhere it leaves nothing behind.
 */
@Injectable()
export class ReceiveUpload {
  private readonly tools: CourseTools;

  constructor(
    private readonly index: FileIndex,
    private readonly uploads: Uploads,
    private readonly space: Space,
    private readonly leases: UploadLeases,
    private readonly vault: Vault,
    private readonly guards: UploadGuards,
    private readonly finish: FinishUpload,
    private readonly pieces: UploadPieces,
    private readonly abandonUpload: AbandonUpload,
    private readonly metrics: FilesMetrics,
    private readonly streams: Streams,
    sealing: Sealing,
    storage: ObjectStorage,
  ) {
    this.tools = { storage, sealing, pieces, streams };
  }

  /** A whole file in one request. */
  async whole(claim: HopClaim, incoming: Incoming): Promise<FileView> {
    const { view } = await this.inPlace(claim, incoming, (upload) => {
      if (upload.stored > 0)
        throw new DomainError('CONFLICT', { details: { why: 'offset', offset: String(upload.stored) } });
      if (incoming.length !== upload.size) throw new DomainError('LENGTH_MISMATCH');
    });
    if (!view) throw new TypeError('a file became available before anybody could see it');
    return view;
  }

  /** The next bytes of an upload that is kept, which go on at `offset`. */
  async append(claim: HopClaim, offset: number, incoming: Incoming): Promise<Received> {
    return this.inPlace(claim, incoming, (upload) => {
      if (!upload.expiresAt) throw new DomainError('CONFLICT');
      if (offset !== upload.stored)
        throw new DomainError('CONFLICT', { details: { why: 'offset', offset: String(upload.stored) } });
      if (offset + incoming.length > upload.size) throw new DomainError('LENGTH_MISMATCH');
    });
  }

  /** Takes bytes in while there is a place for them. */
  private async inPlace(claim: HopClaim, incoming: Incoming, check: (upload: Upload) => void): Promise<Received> {
    const leave = this.streams.reserve('upload', claim.userId);
    try {
      const upload = await this.enter(claim);
      return await this.receive(upload, claim, incoming, () => check(upload));
    } finally {
      leave();
    }
  }

  /** From now on nobody else moves the upload. A token opens once, and not after a later one was given out. */
  private async enter({ roomId, fileId, userId, epoch = 0 }: HopClaim): Promise<Upload> {
    const found = await this.uploads.find(roomId, fileId, userId);
    if (!found) throw (await this.isOver(roomId, fileId, userId)) ? takenOver() : new DomainError('NOT_FOUND');
    const upload = await this.uploads.enter(fileId, epoch);
    if (!upload) throw takenOver();
    return upload;
  }

  private async isOver(roomId: string, fileId: string, userId: string): Promise<boolean> {
    return (await this.index.find(roomId, fileId))?.ownerId === userId;
  }

  private async receive(upload: Upload, claim: HopClaim, incoming: Incoming, check: () => void): Promise<Received> {
    const { length } = incoming;
    const finished = this.metrics.streamStarted(length);
    const connection: Connection = { upload, claim, incoming, made: { stored: upload.stored } };
    try {
      const charge = this.chargeOf(upload);
      if (upload.charged === 0) await charge.begin();
      check();
      await this.guarded(connection, charge);
      this.metrics.received(length);
    } catch (error) {
      if (!upload.expiresAt) await this.abandonUpload.execute(upload);
      throw upload.expiresAt && error instanceof ObjectMissing ? await this.finish.lost(upload, error) : error;
    } finally {
      finished();
    }
    const { made } = connection;
    const now = made.view ? undefined : await this.uploads.find(upload.roomId, upload.fileId, upload.ownerId);
    return { ...made, expiresAt: now?.expiresAt ?? null };
  }

  /** While somebody watches over it, under the file's key: neither outlasts the connection, however it ends. */
  private async guarded(connection: Connection, charge: UploadCharge): Promise<void> {
    const { upload, claim, incoming } = connection;
    const guard = await this.guards.begin(upload, claim, incoming.gone);
    try {
      const dek = await this.vault.open(upload);
      const bytes = new Stretches(new BodyBytes(incoming.body, { ...guard, charge }));
      try {
        await this.take(connection, guard, dek, bytes);
      } finally {
        bytes.close();
        dek.destroy();
      }
    } finally {
      guard.end();
    }
  }

  private async take(
    { upload, claim, incoming, made }: Connection,
    { signal, stall, watch }: UploadGuard,
    dek: Dek,
    bytes: Stretches,
  ): Promise<void> {
    const ledger = this.finish.ledgerOf(upload);
    const course = new UploadCourse(this.tools, upload, dek, ledger, { signal, moved: () => stall.moved() });
    const object = await course.run(bytes, incoming.length);
    made.stored = course.stored;
    if (!object) return;
    await this.finish.complete(upload, object, signal, ledger);
    const view = await this.finish.view(upload, { person: claim, may: (what: Permission) => watch.may(what) });
    await watch.proveNow();
    await this.finish.announce(upload, object).catch((error: unknown) => this.unlessAnnounced(upload, object, error));
    made.view = view;
    made.stored = upload.size;
    await this.pieces.remove(course.pieces);
  }

  /** The commit's answer may be lost: then it is announced. An object of this connection alone goes with it. */
  private async unlessAnnounced(upload: Upload, object: WholeObject, error: unknown): Promise<void> {
    if (await this.isAvailable(upload)) return;
    if (!object.inParts && upload.expiresAt) await this.pieces.remove([object]);
    throw error;
  }

  private async isAvailable({ roomId, fileId }: Upload): Promise<boolean> {
    return (await this.index.find(roomId, fileId).catch(() => undefined))?.status === 'available';
  }

  /** Pays for a file as its bytes come, from where the last connection stopped to pay. */
  private chargeOf(upload: Upload): UploadCharge {
    const { fileId, epoch, size, stored, charged } = upload;
    return new UploadCharge(
      size,
      async (bytes) => {
        if (!(await this.leases.withSpace(upload, () => this.space.charge(fileId, epoch, bytes)))) throw takenOver();
      },
      { paid: charged, came: stored },
    );
  }
}
