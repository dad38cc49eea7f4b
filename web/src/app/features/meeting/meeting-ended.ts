import { Component, computed, inject, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../../shared/icon/icon';
import { EmptyState } from '../../shared/states/empty-state';
import { OutcomePage } from '../../shell/outcome-page';
import { END_WORDS } from './end-cause';
import { MeetingStore } from './meeting-store';

/** After the meeting: why it is over, and what can be done now. */
@Component({
  selector: 'cv-meeting-ended',
  imports: [EmptyState, Icon, OutcomePage, RouterLink],
  template: `
    <cv-outcome-page>
      @if (words(); as end) {
        <cv-empty-state level="1" [icon]="end.icon" [heading]="end.title" [text]="end.text">
          @if (end.rejoin) {
            <button class="btn primary" type="button" (click)="again.emit()">{{ end.rejoin }}</button>
          }
          @if (roomStays()) {
            <a class="btn" [routerLink]="['/r', store.slug(), 'files']"
              ><cv-icon name="folder-lock" /><span i18n="@@files.view">View files</span></a
            >
          }
          <a class="btn quiet" routerLink="/" i18n="@@rooms.goToYours">Go to your rooms</a>
        </cv-empty-state>
      }
    </cv-outcome-page>
  `,
})
export class MeetingEnded {
  /** Back to the door. */
  readonly again = output();
  protected readonly store = inject(MeetingStore);
  protected readonly words = computed(() => {
    const cause = this.store.cause();
    return cause && END_WORDS[cause];
  });
  protected readonly roomStays = computed(() =>
    ['left', 'ended-by-host', 'ended-by-me'].includes(this.store.cause() ?? ''),
  );
}
