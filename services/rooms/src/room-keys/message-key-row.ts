import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'MessageKeyRow',
  tableName: 'message_key',
  properties: {
    roomId: p.uuid().primary(),
    /** 40 bytes of AES-256-KW. */
    wrapped: p.blob(),
    kekVersion: p.text(),
    /** How it is wrapped: 0 under the KEK itself, 1 for this row alone. */
    binding: p.smallint(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A room's message key, wrapped by a KEK; lies in schema `keys`, where only role rooms_keys may read. */
export class MessageKeyRow extends schema.class {}
schema.setClass(MessageKeyRow);
