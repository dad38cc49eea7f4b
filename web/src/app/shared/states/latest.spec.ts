import { ApplicationRef, resource, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { latest } from './latest';

function loads(...answers: (string | Error)[]) {
  const which = signal(1);
  const loaded = TestBed.runInInjectionContext(() =>
    resource({
      params: which,
      loader: async () => {
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
        return answer;
      },
    }),
  );
  return { which, loaded, shown: latest(loaded, which), settle: () => TestBed.inject(ApplicationRef).whenStable() };
}

describe('the latest value of a resource', () => {
  it('stays when a reload fails, and is replaced by the next that comes', async () => {
    const { loaded, shown, settle } = loads('first', new Error('no'), 'second');
    await settle();
    expect(shown()).toBe('first');
    loaded.reload();
    await settle();
    expect([shown(), loaded.error()?.message]).toEqual(['first', 'no']);
    loaded.reload();
    await settle();
    expect([shown(), loaded.error()]).toEqual(['second', undefined]);
  });

  it('is forgotten when something else is asked for', async () => {
    const { which, shown, settle } = loads('first', new Error('no'));
    await settle();
    expect(shown()).toBe('first');
    which.set(2);
    await settle();
    expect(shown()).toBeUndefined();
  });
});
