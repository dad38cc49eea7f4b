import {
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  DOCUMENT,
  ElementRef,
  inject,
  untracked,
  viewChild,
} from '@angular/core';
import { formatCount } from '../../core/format';
import { composes } from '../../core/keys/key-press';
import { Icon } from '../../shared/icon/icon';
import { Roving } from '../../shared/roving/roving';
import { FilesPanel } from '../files';
import { ChatPanel } from './chat-panel';
import { ChatStore } from './chat-store';
import { PeoplePanel } from './people-panel';
import { PromisePanel } from './promise-panel';
import { SidePanel, type Panel } from './side-panel';

/**
 * The panel beside the stage. Whoever opens it stands in it, on its first thing; whoever closes it, by its button or Escape,
 * stands again where they came from.
 */
@Component({
  selector: 'cv-side-panel',
  imports: [ChatPanel, FilesPanel, Icon, PeoplePanel, PromisePanel, Roving],
  templateUrl: './side-panel-frame.html',
  styleUrl: './side-panel-frame.css',
  host: { '(document:keydown.escape)': 'escape($event)' },
})
export class SidePanelFrame {
  protected readonly side = inject(SidePanel);
  protected readonly chat = inject(ChatStore);
  protected readonly count = formatCount;
  protected readonly label = computed(() =>
    this.side.open() === 'promise'
      ? $localize`:@@meeting.protected:What is protected`
      : $localize`:@@meeting.sidePanel:Side panel`,
  );
  protected readonly tabs: readonly { panel: Panel; label: string }[] = [
    { panel: 'chat', label: $localize`:@@meeting.chat:Chat` },
    { panel: 'files', label: $localize`:@@meeting.files:Files` },
    { panel: 'people', label: $localize`:@@meeting.people:People` },
  ];
  private readonly document = inject(DOCUMENT);
  private readonly frame = viewChild.required<ElementRef<HTMLElement>>('frame');
  private opener: HTMLElement | null = null;

  constructor() {
    // Once its tabs are drawn.
    afterRenderEffect(() => {
      this.side.open();
      const frame = this.frame().nativeElement;
      untracked(() => this.enter(frame));
    });
    inject(DestroyRef).onDestroy(() => this.goBack());
  }

  protected escape(event: Event): void {
    const inOverlay = event.target instanceof Element && event.target.closest('.cdk-overlay-container') !== null;
    // An input method takes the key to drop what is being written.
    if (inOverlay || event.defaultPrevented || (event instanceof KeyboardEvent && composes(event))) return;
    // The browser takes the same key to leave full screen.
    if (this.document.fullscreenElement) return;
    this.side.open.set(null);
  }

  private enter(frame: HTMLElement): void {
    const active = this.document.activeElement;
    if (frame.contains(active)) return;
    if (active instanceof HTMLElement && active !== this.document.body) this.opener = active;
    frame.querySelector<HTMLElement>('[aria-selected="true"], .close')?.focus();
  }

  private goBack(): void {
    const active = this.document.activeElement;
    // Whoever went elsewhere meanwhile is not fetched.
    if (active && active !== this.document.body && !this.frame().nativeElement.contains(active)) return;
    const opener = this.opener?.isConnected && this.opener.getClientRects().length > 0 ? this.opener : null;
    // Opened from a menu that is gone: its button is the nearest.
    const home = opener ?? this.document.querySelector<HTMLElement>('#meeting-more');
    queueMicrotask(() => home?.focus());
  }
}
