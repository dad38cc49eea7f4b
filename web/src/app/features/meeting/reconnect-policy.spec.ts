import { givesUpAfterMs, reconnectPolicy } from './reconnect-policy';

const pause = (retryCount: number, elapsedMs = 0) => reconnectPolicy.nextRetryDelayInMs({ retryCount, elapsedMs });

describe('coming back to a meeting', () => {
  it('is tried at once, then with growing pauses of a few seconds', () => {
    expect(pause(0)).toBeLessThan(301);
    for (let retry = 4; retry < 100; retry++) expect(pause(retry)).toBeLessThan(6_001);
    expect(pause(10)).toBeGreaterThan(1_999);
  });

  it('goes on for minutes, then ends', () => {
    expect(pause(40, givesUpAfterMs - 1)).not.toBeNull();
    expect(pause(40, givesUpAfterMs + 1)).toBeNull();
  });
});
