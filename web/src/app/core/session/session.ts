import { computed, inject, Injectable, signal } from '@angular/core';
import { Api, type Account as Me, type ProveSessionBody, type SignInStep } from '../api/api';
import { Http } from '../api/http';
import { asProblem } from '../api/problem';
import { serverNow } from '../time/server-clock';
import { dropKeptUploads } from '../device/kept-rows';
import { clearDrafts } from './draft-places';

/** `unknown` until the server has answered once; `unreachable` when it did not answer at all. */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'unreachable';

/** Who is signed in here. The cookie itself is never readable; this only remembers what the server said. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(Api);
  private readonly http = inject(Http);
  readonly state = signal<SessionState>('unknown');
  readonly me = signal<Me | null>(null);
  private asking: Promise<SessionState> | null = null;
  /** Each tab keeps drafts of its own: whoever signs out in one does so in all. */
  private readonly otherTabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('conclave.signed-out') : null;

  readonly signedIn = computed(() => this.state() === 'signed-in');

  constructor() {
    this.http.onSignedOut = () => this.forget();
    this.otherTabs?.addEventListener('message', () => clearDrafts());
  }

  /** Asks the server once who we are; later calls get the known answer. */
  ensure(): Promise<SessionState> {
    const known = this.state();
    if (known === 'signed-in' || known === 'signed-out') return Promise.resolve(known);
    return (this.asking ??= this.ask().finally(() => (this.asking = null)));
  }

  /** What is still needed after the password, any one of it; nothing where they are signed in. */
  async signIn(email: string, password: string): Promise<readonly SignInStep[]> {
    const { user, next } = await this.api.signIn({ email, password });
    if (user) this.keep(user);
    return user ? [] : next;
  }

  /** Ends a sign-in that waits for a second factor; a passkey does without a password too. */
  async prove({ totp, recoveryCode = '', passkey }: Omit<ProveSessionBody, 'password'>): Promise<void> {
    const answer = passkey
      ? this.api.signInByPasskey(passkey)
      : totp === undefined
        ? this.api.signInByRecoveryCode({ code: recoveryCode })
        : this.api.signInByTotp({ code: totp });
    this.keep((await answer).user);
  }

  /** Returns the personal token, which exists in this answer and nowhere else; null where the address has to be proven first. */
  async signUp(displayName: string, email: string, password: string): Promise<string | null> {
    const { user, personalToken } = await this.api.signUp({ displayName, email, password });
    if (user) this.keep(user);
    return personalToken;
  }

  /** Brings the proof of the address; returns the personal token. */
  async confirmSignUp(proof: { code: string } | { token: string; password?: string }): Promise<string> {
    const { user, personalToken } = await this.api.verifyAccount(proof);
    this.keep(user);
    return personalToken;
  }

  async signOut(): Promise<void> {
    try {
      await this.api.signOut();
    } catch (error) {
      // A session the server no longer knows is signed out already; anything else must not pretend.
      if (asProblem(error).reason !== 'UNAUTHENTICATED') throw error;
    }
    this.forget();
    clearDrafts();
    void dropKeptUploads();
    this.otherTabs?.postMessage(null);
  }

  /** The account as the server has just told it. */
  know(me: Me): void {
    this.me.set(me);
  }

  async rename(displayName: string): Promise<void> {
    this.me.set(await this.api.rename({ displayName }));
  }

  private async ask(): Promise<SessionState> {
    try {
      this.keep(await this.api.me());
    } catch (error) {
      if (asProblem(error).reason === 'UNAUTHENTICATED') this.forget();
      else this.state.set('unreachable');
    }
    return this.state();
  }

  private keep(me: Me): void {
    // Whose session has merely run out comes back to what they typed; another person finds nothing of theirs.
    clearDrafts(me.id);
    void dropKeptUploads({ userId: me.id, now: serverNow() });
    this.me.set(me);
    this.state.set('signed-in');
  }

  private forget(): void {
    this.http.forget();
    this.me.set(null);
    this.state.set('signed-out');
  }
}
