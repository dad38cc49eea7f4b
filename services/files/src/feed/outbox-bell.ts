import { broadcasts } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { OutboxWakeUp } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';

/** Tells whoever follows our outbox that it has something new. */
@Injectable()
export class OutboxBell extends OutboxWakeUp {
  constructor(private readonly bus: Bus) {
    super();
  }

  override wake(): void {
    this.bus.publish(broadcasts.outbox('files'));
  }
}
