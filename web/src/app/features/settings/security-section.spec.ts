import { TestBed } from '@angular/core/testing';
import { Api, type FactorsAnswer } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Dialogs } from '../../shared/dialog/dialogs';
import { ProveDialog } from '../../shared/proof/prove-dialog';
import { AddAppDialog } from './add-app-dialog';
import { RecoveryCodesDialog } from './recovery-codes-dialog';
import { SecuritySection } from './security-section';

const phone = { id: 'f1', kind: 'totp' as const, name: 'Phone', createdAt: '2026-01-01T00:00:00Z', lastUsedAt: null };
const laptop = { ...phone, id: 'p1', kind: 'passkey' as const, name: 'Laptop' };

/** The section of a person who has these, with dialogs that are answered so. */
async function opened(held: Partial<FactorsAnswer>, answers: ReadonlyMap<unknown, unknown> = new Map(), prove = false) {
  const dialogs: unknown[] = [];
  const removed: string[] = [];
  let proven = !prove;
  TestBed.configureTestingModule({
    providers: [
      {
        provide: Api,
        useValue: {
          factors: async () => ({ items: [], next: null, recoveryCodesLeft: 0, ...held }),
          removeTotp: async (id: string) => {
            if (!proven) throw new ApiProblem('PROOF_REQUIRED', { details: { by: 'totp recovery_code' } });
            removed.push(id);
          },
          removePasskey: async (id: string) => removed.push(id),
        },
      },
      {
        provide: Dialogs,
        useValue: {
          confirm: async () => true,
          open: async (dialog: unknown, config: { data?: unknown }) => {
            dialogs.push([dialog, config.data]);
            if (dialog === ProveDialog) proven = true;
            return answers.get(dialog);
          },
        },
      },
    ],
  });
  const fixture = TestBed.createComponent(SecuritySection);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  return {
    dialogs,
    removed,
    text: () => page.textContent ?? '',
    names: () => [...page.querySelectorAll('li b')].map((one) => one.textContent),
    async click(words: string) {
      const button = [...page.querySelectorAll('button')].find(
        (one) => one.textContent?.trim() === words || one.ariaLabel === words,
      );
      if (!button) throw new Error(`no button ${words}`);
      button.click();
      await new Promise((resolve) => setTimeout(resolve));
      await fixture.whenStable();
    },
  };
}

describe('the section of second factors', () => {
  it('says that there are none, and shows the codes of the first once it is added', async () => {
    const codes = ['abcde-fghjk'];
    const section = await opened({}, new Map([[AddAppDialog, codes]]));
    expect(section.text()).toContain('You have none yet');
    await section.click('Add an authenticator app');
    expect(section.dialogs).toEqual([
      [AddAppDialog, undefined],
      [RecoveryCodesDialog, { owner: '', codes }],
    ]);
  });

  it('lists passkeys and apps by their names, and how many codes are left', async () => {
    const section = await opened({ items: [laptop, phone], recoveryCodesLeft: 9 });
    expect(section.names()).toEqual(['Laptop', 'Phone']);
    expect(section.text()).toContain('9 recovery codes are left.');
  });

  it('removes one after a fresh proof, where the last was too long ago', async () => {
    const section = await opened({ items: [phone] }, new Map([[ProveDialog, true]]), true);
    await section.click('Remove Phone');
    expect(section.dialogs).toEqual([[ProveDialog, { by: ['totp', 'recovery_code'] }]]);
    expect(section.removed).toEqual(['f1']);
  });

  it('removes none where the person would rather not prove themselves', async () => {
    const section = await opened({ items: [phone] }, new Map([[ProveDialog, undefined]]), true);
    await section.click('Remove Phone');
    expect(section.removed).toEqual([]);
  });
});
