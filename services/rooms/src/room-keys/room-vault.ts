import { broadcasts, common, create, fromBinary, toBinary } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import {
  Binding,
  bindingOfNewKeys,
  KeyCache,
  MessageKey,
  newRootKey,
  openRootKey,
  type KeyEncryption,
  type RootPlace,
} from '@conclave/keys';
import { Bus } from '@conclave/messaging';
import type { Transaction } from '@conclave/persistence';
import { InjectTransaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { MESSAGE_LABEL } from '@conclave/sealing';
import { openText, sealText } from '@conclave/sealing/node';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MessageKeyRow } from './message-key-row.js';

/** Token of the top of the key ladder. */
export const keyEncryptionToken = Symbol('KeyEncryption');

const accessCodeLabel = 'svc-access-code/2';
/** In front of a code that is bound to its hash; sealed text itself begins with another byte. */
const boundMark = 2;
/** What the release before seals and reads: bound to its room only. It goes with the next rotation after it is gone. */
const unboundAccessCodeLabel = 'svc-access-code/1';
const suite = '01';

/** Where a message lies; it opens nowhere else. */
export interface MessagePlace {
  readonly roomId: string;
  readonly messageId: string;
  readonly authorId: string;
}

/** The row of a room's key, which unwraps nowhere else. */
const keyPlace = (roomId: string): RootPlace => ({ purpose: 'message_key', roomId });

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Ids are UUIDs, so the slash separates them without ambiguity. */
const messageAad = ({ roomId, messageId, authorId }: MessagePlace): Uint8Array =>
  bytes(`${roomId}/${messageId}/${authorId}`);

/** The hash is another with every version of the code, so that a code of an earlier version opens no longer. */
const accessCodeAad = (roomId: string, hash: string): Uint8Array => bytes(`${roomId}/${hash}`);

/** A room's texts at rest: sealed under the room's message key, which lies wrapped where this service's other role cannot read. */
@Injectable()
export class RoomVault implements OnModuleInit, OnApplicationShutdown {
  private readonly cache = new KeyCache<MessageKey>();

  constructor(
    @InjectTransaction('keys') private readonly transaction: Transaction,
    @Inject(keyEncryptionToken) private readonly encryption: KeyEncryption,
    private readonly clock: Clock,
    private readonly bus: Bus,
  ) {}

  /** A forged one costs a look at the key, nothing more; one that is missed costs the few seconds that a key is remembered. */
  onModuleInit(): void {
    this.bus.subscribe(broadcasts.roomShredded, (data) => {
      this.cache.evict(fromBinary(common.RoomDeletedSchema, data).roomId);
    });
  }

  /** Makes the room's key; a room without one can keep nothing. */
  async open(roomId: string): Promise<void> {
    const binding = await this.bindingOfNew();
    const { key, wrapped } = await newRootKey(this.encryption, MessageKey, keyPlace(roomId), binding);
    key.destroy();
    const now = this.clock.now();
    await this.transaction.run(async (em) => {
      const row = new MessageKeyRow();
      row.roomId = roomId;
      row.wrapped = Buffer.from(wrapped.wrapped);
      row.kekVersion = wrapped.version;
      row.binding = wrapped.binding;
      row.createdAt = now;
      row.updatedAt = now;
      em.persist(row);
    });
  }

  /**
   * Deletes the room's key: whatever was sealed under it is noise from now on, in backups of the other schema too. Every replica
   * forgets it after the commit, when none can load it again.
   */
  async shred(roomId: string): Promise<void> {
    this.cache.evict(roomId);
    await this.transaction.run((em) => em.execute('delete from message_key where room_id = ?', [roomId]));
    this.cache.evict(roomId);
    this.bus.publish(
      broadcasts.roomShredded,
      toBinary(common.RoomDeletedSchema, create(common.RoomDeletedSchema, { roomId })),
    );
  }

  sealMessage(place: MessagePlace, text: string): Promise<Buffer> {
    return this.withKey(place.roomId, (key) => sealText(suite, key, MESSAGE_LABEL, messageAad(place), text));
  }

  /** Opens messages of one room with one look at the key. */
  openMessages(
    roomId: string,
    messages: readonly (Omit<MessagePlace, 'roomId'> & { sealed: Uint8Array })[],
  ): Promise<string[]> {
    if (messages.length === 0) return Promise.resolve([]);
    return this.withKey(roomId, (key) =>
      messages.map((message) => openText(key, MESSAGE_LABEL, messageAad({ roomId, ...message }), message.sealed)),
    );
  }

  /** For the row that holds this hash of the same code, and for no other; for the room only while the release before may have to read it. */
  async sealAccessCode(roomId: string, hash: string, code: string): Promise<Buffer> {
    const binding = await this.bindingOfNew();
    return this.withKey(roomId, (key) => {
      if (binding === Binding.none) return sealText(suite, key, unboundAccessCodeLabel, bytes(roomId), code);
      const aad = accessCodeAad(roomId, hash);
      return Buffer.concat([Buffer.of(boundMark), sealText(suite, key, accessCodeLabel, aad, code)]);
    });
  }

  openAccessCode(roomId: string, hash: string, sealed: Uint8Array): Promise<string> {
    if (sealed[0] !== boundMark)
      return this.withKey(roomId, (key) => openText(key, unboundAccessCodeLabel, bytes(roomId), sealed));
    const aad = accessCodeAad(roomId, hash);
    return this.withKey(roomId, (key) => openText(key, accessCodeLabel, aad, sealed.subarray(1)));
  }

  onApplicationShutdown(): void {
    this.cache.clear();
  }

  private bindingOfNew(): Promise<Binding> {
    return this.transaction.run((em) => bindingOfNewKeys((sql, values = []) => em.execute(sql, [...values])));
  }

  private async withKey<T>(roomId: string, work: (key: Uint8Array) => T): Promise<T> {
    const key = await this.cache.get(roomId, () => this.load(roomId));
    try {
      return key.use(work);
    } finally {
      key.destroy();
    }
  }

  private async load(roomId: string): Promise<MessageKey> {
    const row = await this.transaction.run((em) => em.findOne(MessageKeyRow, { roomId }, { refresh: true }));
    if (!row) throw new DomainError('NOT_FOUND', { message: 'the room has no key any longer' });
    const { wrapped, kekVersion: version, binding } = row;
    return openRootKey(this.encryption, MessageKey, keyPlace(roomId), { wrapped, version, binding });
  }
}
