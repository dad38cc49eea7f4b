import { errorReasons } from '@conclave/errors';
import { ApiProblem, noAnswer } from './api/problem';
import { lineFor, wordsFor } from './words';

describe('the words of refusals', () => {
  it.each([...errorReasons])('%s is said in words a person can act on', (reason) => {
    const { title, text } = wordsFor(new ApiProblem(reason));
    expect(title).not.toBe('');
    expect(title.endsWith('.')).toBe(false);
    expect(text.endsWith('.')).toBe(true);
    expect(`${title} ${text}`.replace('cnv_', '')).not.toMatch(/[!—]|_|undefined|NaN/);
  });

  it('attempts left are counted in words', () => {
    const wrong = (attemptsLeft: string) =>
      wordsFor(new ApiProblem('ACCESS_CODE_WRONG', { details: { attemptsLeft } })).text;
    expect(wrong('3')).toBe('3 attempts are left.');
    expect(wrong('1')).toBe('One attempt is left.');
    expect(wrong('0')).toMatch(/No attempts are left/);
    expect(wrong('many')).toBe('Check it and try again.');
  });

  it('a wait is told in seconds, a long one in minutes', () => {
    expect(lineFor(new ApiProblem('RATE_LIMITED', { retryAfterSeconds: 42 }))).toContain('42 seconds');
    expect(lineFor(new ApiProblem('RATE_LIMITED', { retryAfterSeconds: 300 }))).toContain('5 minutes');
  });

  it('no answer at all is told apart from a service that does not answer', () => {
    expect(wordsFor(noAnswer()).title).toBe('No connection');
    expect(wordsFor(new ApiProblem('UNAVAILABLE')).title).not.toBe('No connection');
  });

  it('a thrown stranger becomes ours and shows nothing of its message', () => {
    expect(lineFor(new Error('password=hunter2'))).not.toContain('hunter2');
  });
});
