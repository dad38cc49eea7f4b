import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { Api } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { SignIn } from './sign-in';

const marta = { id: 'u1', email: 'marta@example.com', displayName: 'Marta Berg' };

/** The page before a server that answers the password and the code so. */
async function opened(answers: { password: () => object; code?: () => object }) {
  const asked: unknown[] = [];
  const went: unknown[] = [];
  const answer = (name: string, make: () => object) => async (body: object) => {
    asked.push([name, body]);
    return make();
  };
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      {
        provide: Api,
        useValue: {
          signIn: answer('signIn', answers.password),
          signInByTotp: answer('totp', answers.code ?? answers.password),
          signInByRecoveryCode: answer('recovery', answers.code ?? answers.password),
        },
      },
    ],
  });
  const router = TestBed.inject(Router);
  router.navigateByUrl = async (url) => Boolean(went.push(url));
  const fixture = TestBed.createComponent(SignIn);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  return {
    asked,
    went,
    heading: () => page.querySelector('h1')?.textContent,
    text: () => page.textContent ?? '',
    async type(which: string, text: string) {
      const input = page.querySelector<HTMLInputElement>(which);
      if (!input) throw new Error(`no ${which}`);
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await settle();
    },
    async click(words: string) {
      const button = [...page.querySelectorAll('button')].find((one) => one.textContent?.trim() === words);
      if (!button) throw new Error(`no button ${words}`);
      button.click();
      await settle();
    },
    async signIn() {
      await this.type('input[type=email]', marta.email);
      await this.type('cv-password input', 'secret words');
      await this.click('Sign in');
    },
  };
}

const waits = () => ({ status: 'step', user: null, next: ['totp', 'recovery_code'], expiresAt: null });

describe('signing in', () => {
  it('goes on at once where no second factor is needed', async () => {
    const page = await opened({ password: () => ({ user: marta, next: [] }) });
    await page.signIn();
    expect(page.went).toEqual(['/']);
  });

  it('asks for a code after the password, or for a recovery code instead', async () => {
    const page = await opened({ password: waits, code: () => ({ user: marta }) });
    await page.signIn();
    expect([page.heading(), page.went]).toEqual(['One more step', []]);
    await page.click('Use a recovery code');
    await page.type('cv-factor-form input', 'abcde-fghjk');
    await page.click('Confirm');
    expect(page.asked.at(-1)).toEqual(['recovery', { code: 'abcde-fghjk' }]);
    expect(page.went).toEqual(['/']);
  });

  it('says that a code is wrong and takes the next one', async () => {
    let tries = 0;
    const page = await opened({
      password: waits,
      code: () => {
        if (tries++ === 0) throw new ApiProblem('FACTOR_WRONG');
        return { user: marta };
      },
    });
    await page.signIn();
    await page.type('cv-factor-form input', '000000');
    await page.click('Confirm');
    expect(page.text()).toContain('That code is not right');
    await page.type('cv-factor-form input', '123456');
    await page.click('Confirm');
    expect(page.went).toEqual(['/']);
  });

  it('begins again where the step came too late, and says so', async () => {
    const page = await opened({
      password: waits,
      code: () => {
        throw new ApiProblem('SIGN_IN_EXPIRED');
      },
    });
    await page.signIn();
    await page.type('cv-factor-form input', '123456');
    await page.click('Confirm');
    expect(page.heading()).toBe('Sign in');
    expect(page.text()).toContain('That took too long');
  });
});
