import PostalMime from 'postal-mime';

/** A message as it came. */
export interface ReceivedMail {
  readonly id: number;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const mostMails = 200;

/** The newest messages; nothing outlives the process. */
export class MailStore {
  private readonly mails: ReceivedMail[] = [];
  private readonly listeners = new Set<() => void>();
  private count = 0;

  /** Keeps a message that was sent to these recipients. */
  async take(raw: Buffer, from: string, to: readonly string[]): Promise<void> {
    const { subject = '', text = '', html = '', headers } = await PostalMime.parse(raw);
    this.mails.unshift({
      id: ++this.count,
      at: new Date().toISOString(),
      from,
      to: [...to],
      subject,
      text,
      html,
      headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    });
    this.mails.splice(mostMails);
    for (const listener of this.listeners) listener();
  }

  /** Newest first; with an address only those to it. */
  list(to?: string): readonly ReceivedMail[] {
    const wanted = to?.toLowerCase();
    return this.mails.filter((mail) => wanted === undefined || mail.to.some((one) => one.toLowerCase() === wanted));
  }

  byId(id: number): ReceivedMail | undefined {
    return this.mails.find((mail) => mail.id === id);
  }

  /** Settles once it holds so many messages to an address; answers them, newest first. */
  async waitFor(to: string, count = 1): Promise<readonly ReceivedMail[]> {
    while (this.list(to).length < count)
      await new Promise<void>((resolve) => {
        const heard = (): void => {
          this.listeners.delete(heard);
          resolve();
        };
        this.listeners.add(heard);
      });
    return this.list(to);
  }
}
