import { timestampFromDate, type MessageInitShape, type rooms } from '@conclave/contracts';
import { isVisible } from '@conclave/contracts/visible';
import { invalidArgument } from '@conclave/errors';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: p.uuid().primary(),
    roomId: p.uuid(),
    authorId: p.uuid(),
    /** The text, sealed under the room's message key. Nothing deletes it before its room goes; retention comes later. */
    sealed: p.blob(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** One message; its words are nowhere in the database. */
export class Message extends schema.class {
  static write(facts: { id: string; roomId: string; authorId: string; sealed: Buffer }, now: Date): Message {
    const message = new Message();
    Object.assign(message, facts);
    message.createdAt = now;
    message.updatedAt = now;
    return message;
  }
}
schema.setClass(Message);

/** What is told of a message once its text is open. */
export interface OpenMessage {
  readonly id: string;
  readonly authorId: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** A message as those who are present read it; its author as they stand in the room now. */
export const messageMessage = (
  { id, authorId, text, createdAt }: OpenMessage,
  author: { readonly displayName: string; readonly verified: boolean } | undefined,
): MessageInitShape<typeof rooms.MessageSchema> => ({
  id,
  author: { id: authorId, displayName: author?.displayName ?? '', verified: author?.verified ?? false },
  text,
  sentAt: timestampFromDate(createdAt),
});

/** What a person may say: 1 to 4000 code points of well-formed text, something of it to be seen. */
export function messageText(typed: string): string {
  const text = typed.normalize('NFC');
  // Lone surrogates would come back as something else; NUL and its kin are not text.
  // eslint-disable-next-line no-control-regex -- exactly these are meant
  const broken = /\p{Cs}/u.test(text) || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
  if (broken || !isVisible(text)) throw invalidArgument('text');
  return text;
}
