import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Network } from './core/device/network';
import { Theme } from './core/device/theme';
import { PageFocus } from './shell/page-focus';
import { Icon } from './shared/icon/icon';
import { Tips } from './shared/tip/tips';
import { ToastOutlet } from './shared/toast/toast-outlet';

/** The frame around every page. */
@Component({
  selector: 'cv-root',
  imports: [Icon, RouterOutlet, Tips, ToastOutlet],
  template: `
    @if (!network.online()) {
      <p class="offline" role="status">
        <cv-icon class="small" name="wifi-off" /><span i18n="@@shell.offline"
          >You are offline. What you see may be old.</span
        >
      </p>
    }
    <router-outlet />
    <cv-toast-outlet />
    <cv-tips />
  `,
  styles: `
    :host {
      display: block;
    }
    .offline {
      position: fixed;
      z-index: 1200;
      inset: 8px 0 auto;
      margin-inline: auto;
      width: fit-content;
      max-width: calc(100vw - 24px);
      display: flex;
      gap: var(--space-2);
      align-items: center;
      padding: var(--space-2) var(--space-3h);
      border-radius: var(--radius-full);
      background: var(--warn-soft);
      color: var(--warn);
      font-size: var(--text-sm);
      font-weight: 550;
      box-shadow: var(--shadow-1);
      pointer-events: none;
    }
  `,
})
export class App {
  protected readonly network = inject(Network);
  protected readonly theme = inject(Theme);
  protected readonly focus = inject(PageFocus);
}
