/** Wakes everybody who waits for it. */
export class Bell {
  private waiting: (() => void)[] = [];

  rung(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  ring(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }
}
