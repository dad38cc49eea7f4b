import { Transaction } from '@conclave/persistence';
import { Clock, Logger } from '@conclave/platform';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { MailMetrics } from './mail-metrics.js';
import { MailOutbox } from './mail-outbox.js';
import {
  claimMail,
  countMail,
  dropMail,
  giveUpMail,
  postponeMail,
  sweepDeadMail,
  type ClaimedMail,
} from './mail-rows.js';
import { MailSeal } from './mail-seal.js';
import { Mailer, MailRefused } from '../letters/mailer.js';

/** How often every replica looks for what another one has left behind. */
const sweepMs = 5_000;
/** How long one that was taken on is left to its replica: longer than any try lasts. */
const claimSeconds = 90;
/** After a failure, doubled each time. */
const firstPauseSeconds = 2;
const longestPauseSeconds = 15 * 60;
const mostAtOnce = 16;
/** Dead letters are kept so long. */
const deadSeconds = 14 * 24 * 60 * 60;

/** Sends what was handed in, from any replica, until it is out, is refused for good or is not worth sending any more. */
@Injectable()
export class MailDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private following: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(
    private readonly outbox: MailOutbox,
    private readonly mailer: Mailer,
    private readonly seal: MailSeal,
    private readonly transaction: Transaction,
    private readonly metrics: MailMetrics,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.mailer.works) this.following = this.follow();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.outbox.alarm.ring();
    await this.following;
    this.mailer.close();
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        for (let sent = mostAtOnce; sent === mostAtOnce && !this.stopped;) sent = await this.sendSome();
        await this.lookAround();
        this.failing = false;
      } catch (error) {
        if (!this.failing) this.logger.warn('mail not looked for, trying again', { error });
        this.failing = true;
      }
      if (!this.stopped) await this.outbox.alarm.sleep(sweepMs * (0.5 + Math.random() / 2));
    }
  }

  private async sendSome(): Promise<number> {
    const now = this.clock.now();
    const until = this.clock.after(claimSeconds);
    const claimed = await this.transaction.run((em) => claimMail(em, now, until, mostAtOnce));
    await Promise.all(claimed.map((mail) => this.sendOne(mail)));
    return claimed.length;
  }

  private async sendOne(mail: ClaimedMail): Promise<void> {
    const { id, kind, sealed, forNobody } = mail;
    try {
      if (!forNobody) {
        await this.mailer.send(this.seal.open(id, sealed));
        this.metrics.tried(kind, 'sent');
      }
    } catch (error) {
      return this.postpone(mail, error);
    }
    await this.transaction.run((em) => dropMail(em, id));
  }

  private async postpone({ id, kind, attempts, expiresAt }: ClaimedMail, error: unknown): Promise<void> {
    const refused = error instanceof MailRefused ? error : new MailRefused('NOT_OPENED', true);
    const now = this.clock.now();
    const at = this.clock.after(Math.min(firstPauseSeconds * 2 ** (attempts - 1), longestPauseSeconds));
    const over = refused.permanent || at >= expiresAt;
    this.metrics.tried(kind, over ? 'given_up' : 'postponed');
    const facts = { action: kind, attempt: attempts, code: refused.message };
    if (over) this.logger.warn('mail given up', facts);
    else this.logger.warn('mail not out yet, trying again', facts);
    // Where this fails too it is due when its claim ends.
    await this.transaction
      .run((em) => (over ? giveUpMail(em, id, refused.message, now) : postponeMail(em, id, refused.message, at, now)))
      .catch(() => undefined);
  }

  private async lookAround(): Promise<void> {
    await this.transaction.run(async (em) => {
      await sweepDeadMail(em, this.clock.after(-deadSeconds));
      this.metrics.stand(await countMail(em));
    });
  }
}
