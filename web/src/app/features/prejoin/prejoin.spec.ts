import { jest } from '@jest/globals';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiProblem } from '../../core/api/problem';
import type { Door } from '../../core/api/api';
import { Session } from '../../core/session/session';
import { DoorStore, type EntryWish } from './door-store';
import { LocalPreview } from './local-preview';
import { Prejoin } from './prejoin';

const door: Door = {
  slug: 'board-room',
  name: 'Board review',
  host: { id: 'u-aylin', displayName: 'Aylin Kaya', verified: true },
  accessLevel: 'code',
  needs: { invitation: false, accessCode: true, personalToken: false, host: false },
  standing: 'open',
  reason: null,
  meeting: null,
};

/** The door as the page sees it: what it is asked, and what it answers. */
class DoorFake {
  readonly refusal = signal<ApiProblem | null>(null);
  readonly waiting = signal(false);
  readonly unanswered = signal(false);
  cancelled = 0;
  cancelWaiting = async (): Promise<void> => void this.cancelled++;
  readonly wishes: EntryWish[] = [];
  answers: () => Promise<void> = async () => undefined;
  enter = (wish: EntryWish): Promise<void> => {
    this.wishes.push(wish);
    return this.answers();
  };
}

/** No devices at all: the page must work without. */
const preview = {
  start: async () => undefined,
  camera: signal(null),
  microphone: signal(null),
  cameraOn: signal(true),
  microphoneOn: signal(true),
  opening: signal(false),
  micLevel: signal(0),
  problems: signal([]),
  blocked: signal({ camera: false, microphone: false }),
  canFlip: signal(false),
  cameras: signal([]),
  microphones: signal([]),
  speakers: signal([]),
  cameraId: signal(''),
  microphoneId: signal(''),
  speakerId: signal(''),
};

/** What the browser says where an address is not secure, and where a device is taken. */
const problems = (cause: 'insecure' | 'in-use') =>
  signal([{ kind: 'camera' as const, cause, title: 'The camera fails', text: 'Somehow.' }]);

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function shown(changes: Partial<Door> = {}, devices: object = preview) {
  const store = new DoorFake();
  TestBed.configureTestingModule({
    providers: [
      { provide: DoorStore, useValue: store },
      { provide: LocalPreview, useValue: devices },
      { provide: Session, useValue: { me: () => ({ id: 'u-tom', displayName: 'Tom Strand' }) } },
    ],
  });
  const fixture = TestBed.createComponent(Prejoin);
  fixture.componentRef.setInput('door', { ...door, ...changes });
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  const button = (words: string): HTMLButtonElement => {
    const found = [...page.querySelectorAll('button')].find((one) => one.textContent?.trim().startsWith(words));
    if (!found) throw new Error(`no button "${words}" in: ${page.textContent}`);
    return found;
  };
  const field = (label: string): HTMLInputElement => {
    const id = [...page.querySelectorAll('label')].find((one) => one.textContent === label)?.htmlFor ?? 'none';
    return page.querySelector(`#${id}`) as HTMLInputElement;
  };
  return {
    store,
    fixture,
    button,
    field,
    text: () => page.textContent ?? '',
    async type(label: string, text: string) {
      const input = field(label);
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await fixture.whenStable();
    },
    async click(words: string) {
      button(words).click();
      await fixture.whenStable();
    },
    async refused(problem: ApiProblem) {
      store.refusal.set(problem);
      await fixture.whenStable();
    },
  };
}

afterEach(() => jest.useRealTimers());

describe('the page before the meeting', () => {
  it('shows only what the door asks for', async () => {
    const page = await shown({ needs: { invitation: true, accessCode: false, personalToken: false, host: false } });
    expect([page.field('Access code'), page.field('Personal token')]).toEqual([null, null]);
    expect(page.text()).toContain('Hosted by Aylin Kaya. Nobody is inside yet.');
  });

  it('enters with what was typed, and with the camera unless one says otherwise', async () => {
    const page = await shown({ needs: { invitation: false, accessCode: true, personalToken: true, host: false } });
    await page.type('Access code', ' K7FM 2p9x');
    await page.type('Personal token', ' cnv_abc ');
    await page.click('Join the meeting');
    await page.click('Join without camera');
    const proofs = { accessCode: 'k7fm-2p9x', personalToken: 'cnv_abc' };
    expect(page.store.wishes).toEqual([
      { ...proofs, way: 'here' },
      { ...proofs, way: 'without-camera' },
    ]);
  });

  it.each([
    ['in-use', 1],
    ['insecure', 0],
  ] as const)('offers to try a device again only where that can help: %s', async (cause, offers) => {
    const page = await shown({}, { ...preview, problems: problems(cause) });
    expect(page.text()).toContain('The camera fails');
    expect(page.text().split('Try again')).toHaveLength(offers + 1);
  });

  it('says when one is inside on another device, and offers to move or to come as well', async () => {
    const page = await shown({
      needs: { invitation: false, accessCode: false, personalToken: false, host: false },
      alreadyInside: true,
    });
    expect(page.text()).toContain('You are in this meeting on another tab or device.');
    expect(page.text()).not.toContain('Join the meeting');
    await page.click('Move here');
    await page.click('Join here as well, without sound');
    expect(page.store.wishes).toEqual([{ way: 'here' }, { way: 'also' }]);
  });

  it('groups the code while it is typed', async () => {
    const page = await shown();
    await page.type('Access code', 'K7FM2');
    expect(page.field('Access code').value).toBe('k7fm-2');
    await page.type('Access code', 'k7fm-');
    expect(page.field('Access code').value).toBe('k7fm-');
  });

  it('asks for what is missing, and only once it was asked to join', async () => {
    const page = await shown({ needs: { invitation: false, accessCode: true, personalToken: true, host: false } });
    page.field('Access code').dispatchEvent(new Event('blur'));
    await page.fixture.whenStable();
    expect(page.text()).not.toContain('Type the access code.');
    await page.click('Join the meeting');
    expect(page.text()).toContain('Type the access code.');
    expect(page.text()).toContain('Paste your personal token.');
    expect(page.store.wishes).toEqual([]);
    await page.type('Access code', 'k7fm');
    expect(page.text()).not.toContain('Type the access code.');
  });

  it('lets nobody join twice while the door answers', async () => {
    const page = await shown({ needs: { invitation: true, accessCode: false, personalToken: false, host: false } });
    let answer = (): void => undefined;
    page.store.answers = () => new Promise((resolve) => (answer = resolve));
    page.button('Join the meeting').click();
    await settled();
    page.fixture.detectChanges();
    expect([page.button('Joining…').disabled, page.button('Join without camera').disabled]).toEqual([true, true]);
    answer();
    await settled();
    page.fixture.detectChanges();
    expect(page.button('Join the meeting').disabled).toBe(false);
  });

  it('tells a wrong code beside its field, and lets the same one be tried again', async () => {
    const page = await shown();
    await page.type('Access code', 'aaaa');
    await page.click('Join the meeting');
    await page.refused(new ApiProblem('ACCESS_CODE_WRONG', { details: { attemptsLeft: '1' } }));
    expect(page.text()).toContain('That is not the access code. One attempt is left.');
    expect(page.field('Access code').getAttribute('aria-invalid')).toBe('true');
    await page.click('Join the meeting');
    expect(page.store.wishes).toHaveLength(2);
  });

  it('asks for a proof that the door has come to want meanwhile', async () => {
    const page = await shown({ needs: { invitation: false, accessCode: false, personalToken: false, host: false } });
    await page.refused(new ApiProblem('PERSONAL_TOKEN_REQUIRED'));
    expect(page.field('Personal token')).not.toBeNull();
    expect(page.text()).not.toContain('This room asks for your personal token.');
  });

  it('says a wrong code until another is typed there, not elsewhere', async () => {
    const page = await shown({ needs: { invitation: false, accessCode: true, personalToken: true, host: false } });
    await page.refused(new ApiProblem('ACCESS_CODE_WRONG'));
    await page.type('Personal token', 'cnv_abc');
    expect(page.text()).toContain('That is not the access code.');
    await page.type('Access code', 'k7fm');
    expect(page.text()).not.toContain('That is not the access code.');
    await page.refused(new ApiProblem('ROOM_FULL'));
    await page.type('Access code', 'k7fm-2');
    expect(page.text()).not.toContain('The room is full.');
  });

  it('says anything else above the button', async () => {
    const page = await shown();
    await page.refused(new ApiProblem('ROOM_FULL'));
    expect(page.text()).toContain('The room is full.');
    expect(page.field('Access code').getAttribute('aria-invalid')).toBeNull();
  });

  it('waits as long as the door says, counting down', async () => {
    const page = await shown({ needs: { invitation: true, accessCode: false, personalToken: false, host: false } });
    jest.useFakeTimers();
    page.store.refusal.set(new ApiProblem('RATE_LIMITED', { retryAfterSeconds: 2 }));
    page.fixture.detectChanges();
    expect(page.button('Try again in 2 seconds').disabled).toBe(true);
    jest.advanceTimersByTime(1_000);
    page.fixture.detectChanges();
    expect(page.button('Try again in 1 second').disabled).toBe(true);
    jest.advanceTimersByTime(1_000);
    page.fixture.detectChanges();
    expect(page.button('Join the meeting').disabled).toBe(false);
  });

  it('of somebody who waits says so in place of the form, and lets them cancel', async () => {
    const page = await shown({ needs: { invitation: false, accessCode: false, personalToken: false, host: true } });
    expect(page.text()).toContain('A host lets newcomers in here.');
    expect(page.button('Ask to join').disabled).toBe(false);
    page.store.waiting.set(true);
    await page.fixture.whenStable();
    expect(page.text()).toContain('Waiting for the host');
    expect((page.fixture.nativeElement as HTMLElement).querySelector('form')?.hidden).toBe(true);
    await page.click('Cancel');
    expect(page.store.cancelled).toBe(1);
    page.store.waiting.set(false);
    page.store.unanswered.set(true);
    await page.fixture.whenStable();
    expect(page.text()).toContain('Nobody answered. You can ask again.');
  });
});
