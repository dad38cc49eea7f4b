import { broadcasts } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { OutboxWakeUp } from '@conclave/persistence';
import { Injectable } from '@nestjs/common';

/** Tells followers that the outbox has something new. */
@Injectable()
export class BusWakeUp extends OutboxWakeUp {
  constructor(private readonly bus: Bus) {
    super();
  }

  override wake(): void {
    this.bus.publish(broadcasts.outbox('rooms'));
  }
}
