import { broadcasts, type ServiceName } from '@conclave/contracts';
import type { Bus } from '@conclave/messaging';
import { OutboxWakeUp } from '../outbox/outbox.js';

/** Tells whoever follows a service's outbox that it has something new. */
export class OutboxBell extends OutboxWakeUp {
  constructor(
    private readonly bus: Bus,
    private readonly service: ServiceName,
  ) {
    super();
  }

  override wake(): void {
    this.bus.publish(broadcasts.outbox(this.service));
  }
}
