import { ApiProblem, noAnswer } from '../../core/api/problem';
import { causeOfRefusal, causeOfStay, END_WORDS } from './end-cause';

describe('why a meeting ended', () => {
  it.each([
    ['left', 'left'],
    ['removed', 'removed'],
    ['meeting_ended', 'ended-by-host'],
    ['room_deleted', 'room-deleted'],
    ['session_ended', 'signed-out'],
    ['membership_ended', 'membership-ended'],
    ['moved', 'moved'],
  ] as const)('%s is told as it is', (end, cause) => {
    expect(causeOfStay(end)).toBe(cause);
  });

  it.each(['not_connected', 'media_failed'] as const)('%s ends nothing that one could not come back from', (end) => {
    expect(causeOfStay(end)).toBeNull();
  });

  it.each([
    ['REMOVED_FROM_ROOM', 'removed'],
    ['UNAUTHENTICATED', 'signed-out'],
    ['NOT_FOUND', 'room-deleted'],
    ['NOT_INVITED', 'membership-ended'],
    ['PERSONAL_TOKEN_REQUIRED', 'interrupted'],
    ['ROOM_FULL', 'interrupted'],
    ['UNAVAILABLE', null],
    ['RATE_LIMITED', null],
  ] as const)('a door that says %s is told as it is', (reason, cause) => {
    expect(causeOfRefusal(new ApiProblem(reason))).toBe(cause);
  });

  it('a door that nobody reaches says nothing', () => {
    expect(causeOfRefusal(noAnswer())).toBeNull();
  });

  it('each has words of its own, and only who may come back is offered to', () => {
    const titles = Object.values(END_WORDS).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const cause of ['removed', 'room-deleted', 'membership-ended'] as const)
      expect(END_WORDS[cause].rejoin).toBeNull();
  });
});
