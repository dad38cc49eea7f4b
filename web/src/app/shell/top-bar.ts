import { CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Theme, type ThemeChoice } from '../core/device/theme';
import { Session } from '../core/session/session';
import { Avatar } from '../shared/avatar/avatar';
import { Icon } from '../shared/icon/icon';
import type { IconName } from '../shared/icon/icons';
import { Mark } from '../shared/mark/mark';
import { Toasts } from '../shared/toast/toasts';

/** The bar of every page outside the meeting: home, and the account menu. */
@Component({
  selector: 'cv-top-bar',
  imports: [Avatar, CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger, Icon, Mark, RouterLink],
  template: `
    <header [class.plain]="plain()">
      <a class="home" routerLink="/" aria-label="Conclave, your rooms" i18n-aria-label="@@shell.home"
        ><cv-mark /><b i18n="@@shell.product">Conclave</b></a
      >
      @if (session.me(); as me) {
        <button
          class="account"
          type="button"
          [cdkMenuTriggerFor]="menu"
          ariaLabel="Account menu of {{ me.displayName }}"
          i18n-ariaLabel="@@shell.account"
        >
          <span class="name" dir="auto">{{ me.displayName }}</span><cv-avatar [name]="me.displayName" [seed]="me.id" />
        </button>
      } @else if (session.state() === 'signed-out') {
        <a class="btn quiet push" routerLink="/sign-in" i18n="@@auth.signIn">Sign in</a>
      }
    </header>
    <ng-template #menu>
      <div class="cv-menu" cdkMenu>
        <div class="head" dir="auto">{{ session.me()?.email }}</div>
        <a class="item" cdkMenuItem routerLink="/settings"
          ><cv-icon name="settings" /><span i18n="@@shell.settings">Settings</span></a
        >
        <div class="rule"></div>
        @for (option of themes; track option.choice) {
          <button
            class="item"
            type="button"
            cdkMenuItemRadio
            [cdkMenuItemChecked]="theme.choice() === option.choice"
            (cdkMenuItemTriggered)="theme.choose(option.choice)"
          >
            <cv-icon [name]="option.icon" /><span>{{ option.label }}</span>
            @if (theme.choice() === option.choice) {
              <cv-icon class="small" name="check" />
            }
          </button>
        }
        <div class="rule"></div>
        <button class="item" type="button" cdkMenuItem (cdkMenuItemTriggered)="signOut()">
          <cv-icon class="along" name="log-out" /><span i18n="@@shell.signOut">Sign out</span>
        </button>
      </div>
    </ng-template>
  `,
  styles: `
    header {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      min-height: 72px;
      padding: var(--space-2h) var(--space-6);
      border-bottom: 1px solid var(--line);
      background: var(--surface);
    }
    header.plain {
      border-color: transparent;
      background: none;
    }
    .home {
      display: inline-flex;
      align-items: center;
      gap: var(--space-3);
      min-height: 44px;
      color: inherit;
      text-decoration: none;
      border-radius: var(--radius-s);
    }
    .home b {
      font-size: 17px;
      letter-spacing: -0.01em;
      font-weight: 650;
    }
    .account {
      display: inline-flex;
      align-items: center;
      gap: var(--space-3);
      min-height: 44px;
      margin-inline-start: auto;
      padding-block: var(--space-1);
      padding-inline: var(--space-3h) var(--space-1);
      border: 0;
      border-radius: var(--radius-full);
      background: none;
      font-size: var(--text-sm);
      color: var(--ink-2);
      font-weight: 530;
      cursor: pointer;
      min-width: 0;
    }
    .account:hover {
      background: var(--sunken);
      color: var(--ink);
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      max-width: 32vw;
    }
    .push {
      margin-inline-start: auto;
    }
    @media (max-width: 720px) {
      header {
        min-height: 64px;
        padding: var(--space-2) var(--space-4);
      }
    }
  `,
})
export class TopBar {
  /** Without a line below: for pages that are one thing. */
  readonly plain = input(false);
  protected readonly session = inject(Session);
  protected readonly theme = inject(Theme);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly themes: readonly { choice: ThemeChoice; label: string; icon: IconName }[] = [
    { choice: 'system', label: $localize`:@@shell.theme.system:Like the system`, icon: 'monitor' },
    { choice: 'light', label: $localize`:@@shell.theme.light:Light`, icon: 'sun' },
    { choice: 'dark', label: $localize`:@@shell.theme.dark:Dark`, icon: 'moon' },
  ];

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.router.navigateByUrl('/sign-in');
    } catch (error) {
      this.toasts.fail(error);
    }
  }
}
