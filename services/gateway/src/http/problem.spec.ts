import { DomainError, errorReasons, reasonWords } from '@conclave/errors';
import { HttpRefusal, isUnexpected, problemOf, statusOfReason } from './problem.js';

describe('problem', () => {
  it('knows a status and a title for every reason', () => {
    expect(Object.keys(statusOfReason).sort()).toEqual([...errorReasons].sort());
    expect(Object.keys(reasonWords).sort()).toEqual([...errorReasons].sort());
    for (const status of Object.values(statusOfReason)) expect(status).toBeGreaterThanOrEqual(400);
    for (const title of Object.values(reasonWords)) expect(title).toMatch(/^[A-Z].+[^.]$/);
  });

  it('carries the reason, the retry time and the public facts', () => {
    const error = new DomainError('ACCESS_CODE_WRONG', { retryAfterSeconds: 7, details: { attemptsLeft: '3' } });
    expect(problemOf(error, 'c-1')).toEqual({
      type: 'urn:conclave:problem:access-code-wrong',
      title: 'The access code is wrong',
      status: 403,
      reason: 'ACCESS_CODE_WRONG',
      correlationId: 'c-1',
      retryAfter: 7,
      details: { attemptsLeft: '3' },
    });
  });

  it('says nothing about an unknown error, and counts it as unexpected', () => {
    const error = new TypeError('secret at /etc/passwd');
    expect(problemOf(error, 'c-2')).toEqual({
      type: 'urn:conclave:problem:internal',
      title: 'Something of ours broke',
      status: 500,
      reason: 'INTERNAL',
      correlationId: 'c-2',
    });
    expect(isUnexpected(error)).toBe(true);
  });

  it('never tells details of an INTERNAL, whoever made it', () => {
    expect(problemOf(new DomainError('INTERNAL', { details: { table: 'user' } }), 'c-3').details).toBeUndefined();
  });

  it('does not log again what a service has logged', () => {
    expect(isUnexpected(new DomainError('INTERNAL'))).toBe(false);
    expect(isUnexpected(new DomainError('NOT_PRESENT', { cause: new Error('livekit') }))).toBe(false);
  });

  it('turns what the HTTP framework refuses into the same shape', () => {
    const tooLarge = Object.assign(new Error('body too large'), {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      statusCode: 413,
    });
    expect(problemOf(tooLarge, 'c-4')).toMatchObject({ status: 413, reason: 'PAYLOAD_TOO_LARGE' });
    const mediaType = Object.assign(new Error('x'), { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 });
    expect(problemOf(mediaType, 'c-5')).toMatchObject({ status: 415, reason: 'INVALID_ARGUMENT' });
    const broken = Object.assign(new Error('x'), { code: 'FST_ERR_REP_ALREADY_SENT', statusCode: 500 });
    expect(problemOf(broken, 'c-6')).toMatchObject({ status: 500, reason: 'INTERNAL' });
  });

  it('keeps the status that only HTTP knows', () => {
    expect(problemOf(new HttpRefusal(411, 'INVALID_ARGUMENT'), 'c-7')).toMatchObject({ status: 411 });
  });
});
