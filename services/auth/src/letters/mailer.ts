/** A message as it leaves. */
export interface Mail {
  /** Stays the same when it is sent again, so that a reader sees it once. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47. */
  readonly language: string;
}

/** It did not go out; `permanent` where trying again is no use. The message is made of codes: it holds neither address nor text. */
export class MailRefused extends Error {
  constructor(
    message: string,
    readonly permanent: boolean,
  ) {
    super(message);
  }
}

/** The port through which all mail leaves. */
export abstract class Mailer {
  /** Whether this installation sends mail at all. */
  abstract readonly works: boolean;

  /** Resolves once a server has taken it over. @throws MailRefused */
  abstract send(mail: Mail): Promise<void>;

  abstract close(): void;
}
