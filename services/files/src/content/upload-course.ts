import { DomainError } from '@conclave/errors';
import type { Dek } from '@conclave/keys';
import { SEGMENT_LENGTH, segmentsPerPart } from '@conclave/sealing';
import { FileSealer } from '@conclave/sealing/node';
import type { SealedFacts } from '../file/file-record.js';
import type { KeptPart, Upload } from '../file/uploads.js';
import type { ObjectStorage } from '../objects/object-storage.js';
import type { Sealing } from '../sealing/sealing.js';
import type { Streams } from '../sealing/streams.js';
import { Stretches } from './body-bytes.js';
import type { PartLedger } from './part-ledger.js';
import { PartWriter, type WriteDown } from './part-writer.js';
import type { UploadPieces } from './upload-pieces.js';
import { openState, sealState, type Piece, type UploadState } from './upload-state.js';

const kibibyte = 1024;
/** What comes behind the last whole part is kept in objects of at most this length. */
const pieceBytes = 4 * 1024 * kibibyte;
/** The same where connections have come to nothing: over a line that breaks off all the time a file must come forward too. */
const carefulPieceBytes = 512 * kibibyte;
/** With so many, the next ones are joined with them: some clients send next to nothing at a time. */
const mostPieces = 64;

/** An object that is whole in the store, or will be once its parts are put together. */
export interface WholeObject {
  readonly facts: SealedFacts;
  readonly key: string;
  /** Set where it is made of parts. */
  readonly inParts?: true;
}

/** What an upload works with. */
export interface CourseTools {
  readonly storage: ObjectStorage;
  readonly sealing: Sealing;
  readonly pieces: UploadPieces;
  readonly streams: Pick<Streams, 'ahead'>;
}

/** How a connection ends, and who hears that it moves. */
export interface CourseSignals {
  readonly signal: AbortSignal;
  readonly moved: () => void;
}

/** One connection's way through an upload: from where the last one stopped to the end of what it sends. */
export class UploadCourse {
  private state: UploadState;
  private offset: number;
  private readonly partBytes: number;

  constructor(
    private readonly tools: CourseTools,
    private readonly upload: Upload,
    private readonly dek: Dek,
    private readonly ledger: PartLedger,
    private readonly signals: CourseSignals,
  ) {
    this.state = openState(dek, upload, upload.state);
    this.offset = upload.stored;
    this.partBytes = segmentsPerPart(upload.size) * SEGMENT_LENGTH;
  }

  /** Bytes that are stored and acknowledged. */
  get stored(): number {
    return this.offset;
  }

  /** Objects that hold bytes behind the last whole part. */
  get pieces(): readonly Piece[] {
    return this.state.pieces;
  }

  /** Takes the `length` bytes of a request; answers the object once it is whole. */
  async run(bytes: Stretches, length: number): Promise<WholeObject | undefined> {
    const { size, fruitless, expiresAt } = this.upload;
    const end = this.offset + length;
    if (expiresAt && fruitless > 0) {
      const next = Math.min(end, this.boundary + this.partBytes);
      await this.keep(bytes, next - this.offset, carefulPieceBytes);
    }
    if (end === size) return this.sealUpTo(bytes, size);
    const target = end - (end % this.partBytes);
    if (target > this.boundary) await this.sealUpTo(bytes, target);
    await this.keep(bytes, end - this.offset, pieceBytes);
    return undefined;
  }

  /** Where the last whole part ends. */
  private get boundary(): number {
    return (this.state.sealing?.checkpoint.nextSegment ?? 0) * SEGMENT_LENGTH;
  }

  /** Makes parts of what was kept in pieces and of what comes, up to the edge of a part or to the end of the file. */
  private async sealUpTo(bytes: Stretches, target: number): Promise<WholeObject | undefined> {
    const { signal, moved } = this.signals;
    const { size, objectKey, epoch } = this.upload;
    const sealer = await this.sealer();
    const { partCount } = sealer;
    // One of one part is written in one request; under a key of this connection, so that an overtaken one writes another object.
    const key = partCount === 1 && epoch > 1 ? `${objectKey}.${epoch}` : objectKey;
    const lastPart = target === size ? partCount : target / this.partBytes;
    const { storage, streams } = this.tools;
    const writer = new PartWriter(storage, { key, partCount, ledger: this.ledger, streams }, signal, moved);
    const { pieces } = this;
    try {
      let ofPart = 0;
      for await (const run of sealer.runs(this.fromBoundary(bytes, target - this.offset))) {
        ofPart += run.length;
        const isWhole = ofPart === run.partLength;
        await writer.write(run, isWhole && partCount > 1 ? this.writesDown(sealer, run.partNumber) : undefined);
        if (isWhole && run.partNumber === lastPart) break;
        if (isWhole) ofPart = 0;
      }
      await writer.flush();
    } catch (error) {
      // What has come as a whole part is not lost because the next one broke off.
      if (!signal.aborted) await writer.leaveOff(error);
      throw error;
    } finally {
      sealer.destroy();
      await writer.settle();
      if (this.pieces.length === 0) await this.tools.pieces.remove(pieces);
    }
    if (target < size) return undefined;
    return { facts: factsOf(sealer), key, ...(partCount > 1 && { inParts: true as const }) };
  }

  /** What is to be written down once a part is stored that has just been handed over. */
  private writesDown(sealer: FileSealer, part: number): WriteDown {
    const checkpoint = sealer.checkpoint();
    if (!checkpoint) throw new TypeError('a part without a checkpoint');
    const sealing = { header: sealer.header, checkpoint };
    const facts = part === sealer.partCount ? factsOf(sealer) : undefined;
    return (stored) => this.partStored(stored, sealing, facts);
  }

  /** Keeps what does not fill a part. */
  private async keep(bytes: Stretches, count: number, most: number): Promise<void> {
    if (count === 0) return;
    if (this.state.pieces.length >= mostPieces) return this.keepJoined(bytes, count);
    for (let left = count; left > 0;) {
      const length = Math.min(left, most);
      const piece = await this.piece(bytes.take(length), length);
      await this.piecesStored([...this.state.pieces, piece], this.offset + length, [piece]);
      left -= length;
    }
  }

  private async keepJoined(bytes: Stretches, count: number): Promise<void> {
    const before = this.state.pieces;
    const all = new Stretches(this.fromBoundary(bytes, count));
    const joined: Piece[] = [];
    for (let left = this.offset - this.boundary + count; left > 0;) {
      const length = Math.min(left, pieceBytes);
      joined.push(await this.piece(all.take(length), length));
      left -= length;
    }
    await this.piecesStored(joined, this.offset + count, joined);
    await this.tools.pieces.remove(before);
  }

  private async piece(source: AsyncIterable<Uint8Array>, length: number): Promise<Piece> {
    const piece = await this.tools.pieces.write(this.upload, this.dek, source, length, this.signals.signal);
    this.signals.moved();
    return piece;
  }

  /** The bytes behind the last whole part: what was kept of them, then what comes. */
  private fromBoundary(bytes: Stretches, count: number): AsyncIterable<Uint8Array> {
    return this.pieces.length === 0 ? bytes.take(count) : this.piecesAnd(bytes.take(count));
  }

  private async *piecesAnd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* this.tools.pieces.read(this.upload.roomId, this.dek, this.pieces, this.signals.signal);
    yield* bytes;
  }

  private async sealer(): Promise<FileSealer> {
    const { fileId, roomId, size: plaintextLength } = this.upload;
    const { sealing: engine } = this.tools;
    const { suite, manifestVersion } = engine;
    const { sealing } = this.state;
    const common = { engine, fileId, roomId, plaintextLength, signal: this.signals.signal };
    return this.dek.use(async (dek) =>
      sealing
        ? FileSealer.resume({ ...common, dek, ...sealing })
        : new FileSealer({ ...common, dek, suite, manifestVersion }),
    );
  }

  private async partStored(
    part: KeptPart,
    sealing: NonNullable<UploadState['sealing']>,
    facts?: SealedFacts,
  ): Promise<void> {
    const { size } = this.upload;
    const stored = facts ? size : sealing.checkpoint.nextSegment * SEGMENT_LENGTH;
    await this.written({ sealing, pieces: [], ...(facts && { facts }) }, stored, part);
  }

  private async piecesStored(pieces: readonly Piece[], stored: number, made: readonly Piece[]): Promise<void> {
    try {
      await this.written({ ...this.state, pieces }, stored);
    } catch (error) {
      // Only where it is certain that nobody wrote them down: an answer of the database may be lost.
      if (error instanceof DomainError && error.reason === 'CONFLICT') await this.tools.pieces.remove(made);
      throw error;
    }
  }

  /** What is acknowledged is what is written down. */
  private async written(state: UploadState, stored: number, part?: KeptPart): Promise<void> {
    const { suite } = this.tools.sealing;
    const sealed = sealState(suite, this.dek, this.upload, state);
    const pieces = state.pieces.map(({ key }) => key);
    await this.ledger.progress({ stored, state: sealed, pieces, ...(part && { part }) });
    this.state = state;
    this.offset = stored;
  }
}

function factsOf(sealer: FileSealer): SealedFacts {
  const { header, objectCrc32, suite: _suite, ...manifest } = sealer.sealed();
  return { header, objectCrc32, manifest };
}
