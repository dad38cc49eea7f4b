const kibibyte = 1024;
const smallestStepBytes = 256 * kibibyte;
const largestStepBytes = 8 * 1024 * kibibyte;

/**
 * What an upload has paid for. It pays ahead in steps that grow with what has come, so that a large file asks the database seldom
 * and a promise of a large file takes next to nothing: never more than twice what has come, and a quarter of a MiB.
 */
export class UploadCharge {
  private paidBytes: number;
  private cameBytes: number;

  /** `before`: what connections before this one have paid for and brought. */
  constructor(
    private readonly size: number,
    private readonly pay: (bytes: number) => Promise<void>,
    before: { readonly paid: number; readonly came: number } = { paid: 0, came: 0 },
  ) {
    this.paidBytes = before.paid;
    this.cameBytes = before.came;
  }

  /** Before the first byte. */
  begin(): Promise<void> {
    return this.step();
  }

  /** Whether so many more bytes are paid for already; then they count as come. */
  covers(bytes: number): boolean {
    if (this.cameBytes + bytes > this.paidBytes) return false;
    this.cameBytes += bytes;
    return true;
  }

  /** To be awaited before bytes are taken that are not covered. @throws what `pay` throws */
  async came(bytes: number): Promise<void> {
    this.cameBytes += bytes;
    while (this.cameBytes > this.paidBytes && this.paidBytes < this.size) await this.step();
  }

  private async step(): Promise<void> {
    const grown = Math.max(smallestStepBytes, Math.min(largestStepBytes, this.paidBytes));
    const bytes = Math.min(grown, this.size - this.paidBytes);
    await this.pay(bytes);
    this.paidBytes += bytes;
  }
}
