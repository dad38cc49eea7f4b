import { ApiProblem, noAnswer } from '../../core/api/problem';
import { END_WORDS, endCause, mediaReason } from './end-cause';

describe('why a meeting ended', () => {
  it('a kick is told as a removal, and offers no way back in', () => {
    expect(endCause(mediaReason(4), new ApiProblem('REMOVED_FROM_ROOM'))).toBe('removed');
    expect(END_WORDS.removed.rejoin).toBeNull();
  });

  it('a removal while the door still opens is one’s own entry from elsewhere', () => {
    expect(endCause(mediaReason(4), null)).toBe('elsewhere');
  });

  it('a deleted room is told apart from an ended meeting', () => {
    expect(endCause(mediaReason(5), new ApiProblem('NOT_FOUND'))).toBe('room-deleted');
    expect(endCause(mediaReason(5), null)).toBe('ended-by-host');
  });

  it('an ended session is told as signed out', () => {
    expect(endCause(mediaReason(4), new ApiProblem('UNAUTHENTICATED'))).toBe('signed-out');
  });

  it('without any answer it is the network', () => {
    expect(endCause(mediaReason(undefined), noAnswer())).toBe('network');
    expect(endCause(mediaReason(4), noAnswer())).toBe('network');
  });
});
