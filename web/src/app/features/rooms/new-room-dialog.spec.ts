import { DialogRef } from '@angular/cdk/dialog';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { Api, type CreatedRoom, type CreateRoomBody } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Dialogs } from '../../shared/dialog/dialogs';
import { InviteDialog } from './invite-dialog';
import { NewRoomDialog } from './new-room-dialog';

const made = (wish: CreateRoomBody): CreatedRoom =>
  ({ slug: 'board-room', accessCode: 'k7fm-2p9x-wq4d', ...wish }) as unknown as CreatedRoom;

/** The dialog with a server that keeps what it was asked for, and a browser that keeps where it was sent. */
async function opened(answer: (wish: CreateRoomBody) => Promise<CreatedRoom> = async (wish) => made(wish)) {
  const wishes: CreateRoomBody[] = [];
  const closed: (CreatedRoom | undefined)[] = [];
  const went: unknown[] = [];
  TestBed.configureTestingModule({
    providers: [
      {
        provide: Api,
        useValue: {
          createRoom: (wish: CreateRoomBody) => {
            wishes.push(wish);
            return answer(wish);
          },
        },
      },
      { provide: DialogRef, useValue: { id: 'd', close: (room?: CreatedRoom) => closed.push(room) } },
      {
        provide: Dialogs,
        useValue: { open: (dialog: unknown, { data }: { data: unknown }) => went.push([dialog, data]) },
      },
      { provide: Router, useValue: { navigate: (path: unknown) => went.push(path) } },
    ],
  });
  const fixture = TestBed.createComponent(NewRoomDialog);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  const button = (words: string) =>
    [...page.querySelectorAll('button')].find((one) => one.textContent?.trim() === words) as HTMLButtonElement;
  return {
    wishes,
    closed,
    went,
    button,
    settle,
    input: () => page.querySelector('input[cvInput]') as HTMLInputElement,
    text: () => page.textContent ?? '',
    code: (label: string) => page.querySelector(`code[aria-label="${label}"]`)?.textContent?.trim(),
    async type(text: string) {
      const input = page.querySelector('input[cvInput]') as HTMLInputElement;
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await settle();
    },
    async choose(label: string) {
      const found = [...page.querySelectorAll('label')].find((one) => one.textContent?.includes(label));
      found?.querySelector('input')?.click();
      await settle();
    },
    async click(words: string) {
      button(words).click();
      await settle();
    },
  };
}

describe('the dialog of a new room', () => {
  it('makes the room that was asked for, its name without the space around it', async () => {
    const dialog = await opened();
    await dialog.type('  Board review ');
    await dialog.choose('Organisation');
    await dialog.choose('Ask for the personal token');
    await dialog.click('Make room');
    expect(dialog.wishes).toEqual([
      { name: 'Board review', accessLevel: 'organisation', settings: { askPersonalToken: true } },
    ]);
  });

  it('invites by default and asks for no token', async () => {
    const dialog = await opened();
    await dialog.type('Board review');
    await dialog.click('Make room');
    expect(dialog.wishes).toEqual([
      { name: 'Board review', accessLevel: 'invited', settings: { askPersonalToken: false } },
    ]);
  });

  it('makes no room without a name, and says so until one is typed', async () => {
    const dialog = await opened();
    await dialog.type('   ');
    expect(dialog.text()).not.toContain('Give the room a name.');
    await dialog.click('Make room');
    expect(dialog.text()).toContain('Give the room a name.');
    expect(dialog.input().getAttribute('aria-invalid')).toBe('true');
    await dialog.type('B');
    expect(dialog.text()).not.toContain('Give the room a name.');
    expect(dialog.wishes).toEqual([]);
  });

  it('holds a name as long as the contract takes', async () => {
    const dialog = await opened();
    expect(dialog.input().maxLength).toBe(120);
  });

  it('asks the server once, however often the button is pressed meanwhile', async () => {
    let answer = (_: CreatedRoom): void => undefined;
    const dialog = await opened(() => new Promise((resolve) => (answer = resolve)));
    await dialog.type('Board review');
    dialog.button('Make room').form?.requestSubmit();
    dialog.button('Make room').form?.requestSubmit();
    await dialog.settle();
    expect(dialog.button('Making the room…').disabled).toBe(true);
    expect(dialog.wishes).toHaveLength(1);
    answer(made({ name: 'Board review' }));
    await dialog.settle();
    expect(dialog.text()).toContain('The room is ready');
  });

  it('keeps what was typed when the server refuses, and can be tried again as it is', async () => {
    let refuses = true;
    const dialog = await opened(async (wish) => {
      if (refuses) throw new ApiProblem('UNAVAILABLE', { offline: true });
      return made(wish);
    });
    await dialog.type('Board review');
    await dialog.click('Make room');
    expect(dialog.text()).toContain('No connection.');
    expect(dialog.input().value).toBe('Board review');
    refuses = false;
    await dialog.click('Make room');
    expect(dialog.text()).toContain('“Board review” stays until you delete it.');
  });
});

describe('the dialog of a room that was made', () => {
  it.each([
    ['Access code', true, 'It names the room and opens nothing by itself.'],
    ['Invited only', false, 'It names the room and opens nothing by itself.'],
    ['Organisation', false, 'Everyone with an account here may enter with it.'],
  ])('shows by level %s the code: %s, and what the link does', async (level, withCode, words) => {
    const dialog = await opened();
    await dialog.type('Board review');
    await dialog.choose(level);
    await dialog.click('Make room');
    expect(dialog.code('Access code')).toBe(withCode ? 'k7fm-2p9x-wq4d' : undefined);
    expect(dialog.code('Room link')).toMatch(/\/r\/board-room$/);
    expect(dialog.text()).toContain(words);
  });

  it('leads into the room', async () => {
    const dialog = await opened();
    await dialog.type('Board review');
    await dialog.click('Make room');
    await dialog.click('Enter the room');
    expect(dialog.went).toEqual([['/r', 'board-room']]);
    expect(dialog.closed).toMatchObject([{ slug: 'board-room' }]);
  });

  it('leads to inviting somebody', async () => {
    const dialog = await opened();
    await dialog.type('Board review');
    await dialog.click('Make room');
    await dialog.click('Invite someone');
    expect(dialog.went).toEqual([[InviteDialog, { slug: 'board-room', roomName: 'Board review' }]]);
    expect(dialog.closed).toHaveLength(1);
  });
});
