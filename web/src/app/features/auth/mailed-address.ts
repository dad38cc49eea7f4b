import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { forgetMailedToken, mailedToken, type MailedPage } from '../../core/session/mailed-token';
import { Session } from '../../core/session/session';
import { wordsFor, type Words } from '../../core/words';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { OutcomePage } from '../../shell/outcome-page';

type Step = 'working' | 'sign-in' | 'ask' | 'confirmed' | 'returned' | 'refused' | 'failed';

/** What the links in messages about an address open: the proof of a new one, or the way back to the one before. */
@Component({
  selector: 'cv-mailed-address',
  imports: [EmptyState, FailedState, OutcomePage, RouterLink],
  template: `
    <cv-outcome-page>
      @switch (step()) {
        @case ('working') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="Proving your address"
            i18n-heading="@@verify.opening"
            text="One moment."
            i18n-text="@@invite.moment"
          />
        }
        @case ('sign-in') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="Sign in first"
            i18n-heading="@@address.signIn"
            text="Then open the link in the message again, in this browser. Or type the code in your settings."
            i18n-text="@@address.signInText"
          >
            <a class="btn primary" routerLink="/sign-in" i18n="@@auth.signIn">Sign in</a>
          </cv-empty-state>
        }
        @case ('ask') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="Take your account back"
            i18n-heading="@@address.back"
            text="It gets this address again, everybody is signed out of it, and you choose a new password."
            i18n-text="@@address.backText"
          >
            <button class="btn primary" type="button" (click)="goBack()" i18n="@@address.backDo">Take it back</button>
          </cv-empty-state>
        }
        @case ('confirmed') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="The address is yours"
            i18n-heading="@@address.confirmed"
            text="Messages go there from now on."
            i18n-text="@@address.confirmedText"
          >
            <a class="btn primary" routerLink="/settings" i18n="@@shell.settings">Settings</a>
          </cv-empty-state>
        }
        @case ('returned') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="The account is yours again"
            i18n-heading="@@address.returned"
            text="Look into your mail: a new message has the link with which you choose a new password."
            i18n-text="@@address.returnedText"
          />
        }
        @case ('refused') {
          <cv-empty-state level="1" icon="mail" [heading]="words()?.title ?? ''" [text]="words()?.text ?? ''">
            <a class="btn" routerLink="/" i18n="@@shell.toRooms">Go to your rooms</a>
          </cv-empty-state>
        }
        @case ('failed') {
          <cv-failed-state level="1" [error]="error()" (retry)="begin()" />
        }
      }
    </cv-outcome-page>
  `,
})
export class MailedAddress {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly page = inject(Router).url.split(/[?#]/)[0] as MailedPage;
  protected readonly step = signal<Step>('working');
  protected readonly words = signal<Words | null>(null);
  protected readonly error = signal<unknown>(null);

  constructor() {
    void this.begin();
  }

  protected async begin(): Promise<void> {
    // A link is opened by programs that look at mail, too: what cannot be undone waits for a person.
    if (this.page === '/address-back' && mailedToken(this.page)) return this.step.set('ask');
    await this.carryOut('confirmed', async () => {
      if ((await this.session.ensure()) === 'signed-out') return 'sign-in';
      this.session.know(await this.api.confirmAddress({ token: mailedToken(this.page) }));
      return 'confirmed';
    });
  }

  protected async goBack(): Promise<void> {
    await this.carryOut('returned', async () => {
      await this.api.returnAddress(mailedToken(this.page));
      return 'returned';
    });
  }

  private async carryOut(done: Step, work: () => Promise<Step>): Promise<void> {
    this.step.set('working');
    try {
      const step = await work();
      if (step === done) forgetMailedToken(this.page);
      this.step.set(step);
    } catch (error) {
      const { reason } = asProblem(error);
      if (reason === 'UNAUTHENTICATED') return this.step.set('sign-in');
      const passing = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RATE_LIMITED', 'BUSY', 'INTERNAL'].includes(reason);
      this.error.set(error);
      this.words.set(wordsFor(error));
      this.step.set(passing ? 'failed' : 'refused');
    }
  }
}
