import { Metrics } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import type { LetterKind } from '../letters/write-letter.js';

/** The figures of the mail that leaves. */
@Injectable()
export class MailMetrics {
  private readonly mails;
  private counted = { waiting: 0, dead: 0 };

  constructor(metrics: Metrics) {
    this.mails = metrics.counter('auth_mail_total', 'Messages, by what became of a try to send them', [
      'kind',
      'outcome',
    ]);
    metrics.gauge('auth_mail_waiting', 'Messages that are not out yet', [], (gauge) => gauge.set(this.counted.waiting));
    metrics.gauge('auth_mail_dead_letters', 'Messages that were given up', [], (gauge) => gauge.set(this.counted.dead));
  }

  tried(kind: LetterKind, outcome: 'sent' | 'postponed' | 'given_up'): void {
    this.mails.inc({ kind, outcome });
  }

  stand(counted: { waiting: number; dead: number }): void {
    this.counted = counted;
  }
}
