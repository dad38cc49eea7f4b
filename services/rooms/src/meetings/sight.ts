/**
 * How long the media server has told of each room without a break. After a silence its first answers may name nobody though
 * everybody is still there, and whoever was not seen meanwhile was not looked at: absence counts only while there is sight.
 */
export class Sight {
  /** Rooms that were lost from sight: when it came back, null while it has not. */
  private readonly lost = new Map<string, number | null>();

  constructor(private readonly longestMs: number) {}

  lose(roomId: string): void {
    this.lost.set(roomId, null);
  }

  /** There was an answer at this time. For how many milliseconds there have been answers; infinite if they never failed. */
  regain(roomId: string, at: Date): number {
    const since = this.lost.get(roomId);
    if (since === undefined) return Infinity;
    const lasted = at.getTime() - (since ?? at.getTime());
    if (lasted > this.longestMs) this.lost.delete(roomId);
    else this.lost.set(roomId, since ?? at.getTime());
    return lasted;
  }
}
