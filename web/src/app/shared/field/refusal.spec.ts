import { jest } from '@jest/globals';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiProblem } from '../../core/api/problem';
import { Network } from '../../core/device/network';
import { Refusal } from './refusal';

/** A form with one field, which the server refuses. */
async function refused(problem: ApiProblem) {
  const network = { online: signal(true) };
  const typed = signal({ email: 'a@example.test' });
  TestBed.configureTestingModule({ providers: [{ provide: Network, useValue: network }] });
  const refusal = TestBed.runInInjectionContext(() => new Refusal(typed));
  const line = () => {
    TestBed.tick();
    return refusal.line();
  };
  line();
  await refusal.of(() => Promise.reject(problem));
  return { refusal, network, typed, line };
}

describe('what the server refused about a form', () => {
  afterEach(() => void jest.useRealTimers());

  it('is said until something else is typed, not until the next try', async () => {
    const { line, typed } = await refused(new ApiProblem('CREDENTIALS_WRONG'));
    expect(line()).not.toBe('');
    typed.set({ email: 'b@example.test' });
    expect(line()).toBe('');
    typed.set({ email: 'a@example.test' });
    expect(line()).toBe('');
  });

  it('is said of the next try again', async () => {
    const { refusal, line, typed } = await refused(new ApiProblem('CREDENTIALS_WRONG'));
    expect(line()).not.toBe('');
    typed.set({ email: 'b@example.test' });
    expect(line()).toBe('');
    await refusal.of(() => Promise.reject(new ApiProblem('CREDENTIALS_WRONG')));
    expect(line()).not.toBe('');
  });

  it('is mended by the network where that was the cause, and by no typing', async () => {
    const { line, network, typed } = await refused(new ApiProblem('UNAVAILABLE', { offline: true }));
    network.online.set(false);
    typed.set({ email: 'b@example.test' });
    expect(line()).not.toBe('');
    network.online.set(true);
    expect(line()).toBe('');
  });

  it('is mended by time where it came too soon', async () => {
    jest.useFakeTimers();
    const { line, typed } = await refused(new ApiProblem('RATE_LIMITED', { retryAfterSeconds: 3 }));
    typed.set({ email: 'b@example.test' });
    jest.advanceTimersByTime(2_999);
    expect(line()).not.toBe('');
    jest.advanceTimersByTime(1);
    expect(line()).toBe('');
  });
});
