import { defineEntity, p } from '@mikro-orm/core';
import type { AccessLevel } from './access-level.js';
import { roomName } from './room-name.js';

/** How many people a room holds. */
export const roomCapacity = 100;

const schema = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: {
    id: p.uuid().primary(),
    slug: p.text(),
    name: p.text(),
    ownerId: p.uuid(),
    accessLevel: p.text().$type<AccessLevel>(),
    askPersonalToken: p.boolean(),
    capacity: p.integer(),
    /** argon2id; null when the owner removed the code. */
    codeHash: p.text().nullable(),
    /** The code sealed under the room's key, for the owner to read again. */
    codeSealed: p.blob().nullable(),
    /** Grows with every change of the code, so that a code proven before is known to be old. */
    codeVersion: p.integer(),
    /** Since when whoever is new waits until a host lets them in; null where nobody does. */
    newcomersWaitSince: p.datetime().nullable(),
    /** When many wrong codes were tried; null since the code changed. */
    codeGuessedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    /** When the keys of a deleted room were gone too. */
    shreddedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** What makes a room. */
export interface NewRoom {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly ownerId: string;
  readonly accessLevel: AccessLevel;
  readonly askPersonalToken: boolean;
  readonly code: { readonly hash: string; readonly sealed: Buffer };
}

/** A place that stays, where meetings happen. */
export class Room extends schema.class {
  static open(facts: NewRoom, now: Date): Room {
    const room = new Room();
    room.id = facts.id;
    room.slug = facts.slug;
    room.name = roomName(facts.name);
    room.ownerId = facts.ownerId;
    room.accessLevel = facts.accessLevel;
    room.askPersonalToken = facts.askPersonalToken;
    room.capacity = roomCapacity;
    room.codeVersion = 0;
    room.createdAt = now;
    room.newcomersWaitSince = null;
    room.codeGuessedAt = null;
    room.lastUsedAt = null;
    room.deletedAt = null;
    room.shreddedAt = null;
    room.giveCode(facts.code, now);
    return room;
  }

  rename(name: string, now: Date): void {
    this.name = roomName(name);
    this.updatedAt = now;
  }

  changeAccess(level: AccessLevel, now: Date): void {
    this.accessLevel = level;
    this.updatedAt = now;
  }

  changeSettings(settings: { askPersonalToken: boolean }, now: Date): void {
    this.askPersonalToken = settings.askPersonalToken;
    this.updatedAt = now;
  }

  /** A new code; whatever was proven with the old one is void. */
  giveCode(code: { readonly hash: string; readonly sealed: Buffer }, now: Date): void {
    this.codeHash = code.hash;
    this.codeSealed = code.sealed;
    this.codeVersion = (this.codeVersion ?? 0) + 1;
    this.codeGuessedAt = null;
    this.updatedAt = now;
  }

  /** No code any longer; nobody enters by one. */
  removeCode(now: Date): void {
    this.codeHash = null;
    this.codeSealed = null;
    this.codeVersion += 1;
    this.codeGuessedAt = null;
    this.updatedAt = now;
  }

  /** From now on whoever is new waits. After a removal also where that was so already: the account may be newer than the wait. */
  holdNewcomers(now: Date): void {
    this.newcomersWaitSince = now;
    this.updatedAt = now;
  }

  /** Whoever is new comes in again as the access level says. */
  welcomeNewcomers(now: Date): void {
    this.newcomersWaitSince = null;
    this.updatedAt = now;
  }

  /** Many wrong codes were tried. */
  noteGuessing(now: Date): void {
    this.codeGuessedAt = now;
    this.updatedAt = now;
  }

  /** Somebody was admitted. */
  use(now: Date): void {
    this.lastUsedAt = now;
    this.updatedAt = now;
  }

  /** The row stays as a gravestone, without a name or a code, so that late events find no room. */
  bury(now: Date): void {
    this.deletedAt = now;
    this.name = '-';
    this.removeCode(now);
  }
}
schema.setClass(Room);
