import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { OperatorError } from '@conclave/platform';
import { Decrypter, Encrypter } from 'age-encryption';

/** Seals for whoever holds the identity of one of the recipients (`age1…`); the format is age's, so the tool of that name opens it too. */
export class Sealer {
  constructor(private readonly recipients: readonly string[]) {
    for (const [at, recipient] of recipients.entries()) {
      // Never said aloud: it may be the identity, put here by mistake, and words end in logs.
      if (/^AGE-SECRET-KEY-/i.test(recipient))
        throw new OperatorError(
          `Recipient ${at + 1} is an identity, which opens copies and must not be in the cluster: make a new one and give its public key (age1…).`,
        );
      try {
        new Encrypter().addRecipient(recipient);
      } catch {
        throw new OperatorError(
          `Recipient ${at + 1} of ${recipients.length} is no age recipient (age1…); \`node dist/backup-key.js\` makes one.`,
        );
      }
    }
    if (recipients.length === 0)
      throw new OperatorError('No recipient is named; a backup is never written in the open.');
  }

  async seal(plain: Readable): Promise<Readable> {
    const encrypter = new Encrypter();
    for (const recipient of this.recipients) encrypter.addRecipient(recipient);
    return fromWeb(await encrypter.encrypt(toWeb(plain)));
  }
}

/** What was opened was sealed for somebody else, or is no longer what was sealed. */
export class DoesNotOpen extends OperatorError {
  override readonly name = 'DoesNotOpen';
}

/** Opens what was sealed for this identity. */
export class Opener {
  private readonly identities: readonly string[];

  /** @param text lines of AGE-SECRET-KEY-…, as `backup-key.js` and age-keygen write them; comments are fine */
  constructor(text: string) {
    this.identities = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
    if (this.identities.length === 0 || !this.identities.every((line) => line.startsWith('AGE-SECRET-KEY-')))
      throw new OperatorError('The identity is none: a line AGE-SECRET-KEY-… is needed, as backup-key.js prints it.');
  }

  /** @throws DoesNotOpen when it was sealed for somebody else, or changed */
  async open(sealed: Readable, name: string): Promise<Readable> {
    const decrypter = new Decrypter();
    try {
      for (const identity of this.identities) decrypter.addIdentity(identity);
      return fromWeb(await decrypter.decrypt(toWeb(sealed)));
    } catch (cause) {
      sealed.destroy();
      throw new DoesNotOpen(
        `${name} does not open: it was sealed for another identity than this one, or it was changed.`,
        {
          cause,
        },
      );
    }
  }
}

const toWeb = (stream: Readable): ReadableStream<Uint8Array> => Readable.toWeb(stream) as ReadableStream<Uint8Array>;
const fromWeb = (stream: ReadableStream<Uint8Array>): Readable =>
  Readable.fromWeb(stream as unknown as NodeReadableStream<Uint8Array>);
