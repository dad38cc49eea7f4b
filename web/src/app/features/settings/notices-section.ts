import { Component, inject, signal } from '@angular/core';
import { canNotify, Notices, type Loudness } from '../../core/attention/notices';
import { chime } from '../../core/attention/chime';

/** How much one is told of what others do in a meeting, and how. */
@Component({
  selector: 'cv-notices-section',
  styleUrl: './section.css',
  template: `
    <section class="card" aria-labelledby="notices-title">
      <div>
        <h2 id="notices-title" i18n="@@notices.title">In meetings</h2>
        <p class="intro" i18n="@@notices.intro">What you are told of what others do. It holds for this browser.</p>
      </div>
      <fieldset>
        <legend i18n="@@notices.said">Read out by a screen reader</legend>
        @for (option of options; track option.said) {
          <label class="check">
            <input
              type="radio"
              name="said"
              [checked]="notices.wish().said === option.said"
              (change)="notices.choose({ said: option.said })"
            />
            <span>{{ option.label }}</span>
          </label>
        }
      </fieldset>
      <div>
        <label class="check">
          <input type="checkbox" [checked]="notices.wish().sound" (change)="sound($any($event.target).checked)" />
          <span i18n="@@notices.sound"
            >A sound for new messages while the chat is closed, and for somebody who waits to come in</span
          >
        </label>
        @if (canNotify) {
          <label class="check">
            <input #box type="checkbox" [checked]="notices.wish().notify" (change)="notify(box)" />
            <span i18n="@@notices.notify"
              >A notification while you look at another page. It names the room and the person, never what was
              written.</span
            >
          </label>
        }
        <p class="intro" role="status">
          @if (denied()) {
            <span i18n="@@notices.denied"
              >The browser forbids notifications from this address. Allow them beside the address, then try again.</span
            >
          }
        </p>
      </div>
    </section>
  `,
  styles: `
    legend {
      font-size: var(--text-sm);
      font-weight: 560;
      padding: 0;
    }
  `,
})
export class NoticesSection {
  protected readonly notices = inject(Notices);
  protected readonly canNotify = canNotify();
  protected readonly denied = signal(false);
  protected readonly options: readonly { said: Loudness; label: string }[] = [
    {
      said: 'all',
      label: $localize`:@@notices.all:All: who comes and goes, presents and shares files, and new messages`,
    },
    { said: 'important', label: $localize`:@@notices.important:Only new messages` },
    { said: 'none', label: $localize`:@@notices.none:Nothing` },
  ];

  protected sound(on: boolean): void {
    this.notices.choose({ sound: on });
    if (on) chime();
  }

  protected async notify(box: HTMLInputElement): Promise<void> {
    this.denied.set(false);
    if (!box.checked) return this.notices.choose({ notify: false });
    if (await this.notices.askToNotify()) return;
    box.checked = false;
    this.denied.set(true);
  }
}
