import { Component, computed, inject, input } from '@angular/core';
import { formatFacts } from '../../core/format';
import { looksAway } from '../../core/media/facing';
import { Avatar } from '../../shared/avatar/avatar';
import { Icon } from '../../shared/icon/icon';
import { PersonName } from '../../shared/person/person-name';
import { verifiedWords } from '../../shared/person/verified-mark';
import { ROLE_WORDS } from '../../core/room-words';
import { fills } from './grid-shape';
import { Namesakes } from '../../shared/person/namesakes';
import type { ParticipantView, Quality } from './participant-view';
import { TrackVideo } from './track-video';

const QUALITY_WORDS: Record<Quality, string> = {
  excellent: $localize`:@@meeting.qualityExcellent:Connection excellent`,
  good: $localize`:@@meeting.qualityGood:Connection good`,
  poor: $localize`:@@meeting.qualityPoor:Connection weak`,
  lost: $localize`:@@meeting.qualityLost:Connection lost, reconnecting`,
  unknown: $localize`:@@meeting.qualityUnknown:Connection not measured yet`,
};
const BARS: Record<Quality, number> = { excellent: 4, good: 3, poor: 2, lost: 0, unknown: 0 };

/** One person: picture or initials, name, microphone, connection, and a ring while speaking. */
@Component({
  selector: 'cv-tile',
  imports: [Avatar, Icon, PersonName, TrackVideo],
  template: `
    @if (person().camera; as track) {
      <video
        #picture="cvTrack"
        [cvTrack]="track"
        [class.mirrored]="mirrored()"
        [class.whole]="!fills(picture.aspect(), shape())"
        aria-hidden="true"
      ></video>
    } @else {
      <cv-avatar [name]="person().name" [seed]="person().userId || person().joinId" />
    }
    <span class="name" [title]="person().name">
      @if (!person().microphoneOn) {
        <cv-icon class="small off" name="mic-off" />
      }
      @if (person().local) {
        <span i18n="@@meeting.you">You</span>
      } @else {
        <cv-person-name
          [name]="person().name"
          [twin]="namesakes.of(person().userId)"
          [role]="person().role"
          [verified]="person().verified"
        />
      }
    </span>
    <span
      class="quality"
      [class]="person().quality"
      role="img"
      [attr.aria-label]="qualityWords()"
      [title]="qualityWords()"
    >
      @for (bar of [1, 2, 3, 4]; track bar) {
        <i [class.lit]="bar <= bars()"></i>
      }
    </span>
  `,
  host: {
    role: 'group',
    '[attr.aria-label]': 'label()',
    '[class.speaking]': 'person().speaking && person().microphoneOn',
  },
  styleUrl: './tile.css',
})
export class Tile {
  readonly person = input.required<ParticipantView>();
  /** Width by height of this tile. */
  readonly shape = input(16 / 9);
  protected readonly fills = fills;
  protected readonly namesakes = inject(Namesakes);
  /** As in a mirror, unless the camera looks away from oneself. */
  protected readonly mirrored = computed(() => {
    const { local, camera } = this.person();
    return local && !looksAway(camera?.mediaStreamTrack);
  });
  protected readonly qualityWords = computed(() => QUALITY_WORDS[this.person().quality]);
  protected readonly bars = computed(() => BARS[this.person().quality]);
  protected readonly label = computed(() => {
    const { local, role, verified, microphoneOn, camera } = this.person();
    const name = this.namesakes.label(this.person());
    // eslint-disable-next-line conclave/isolated-names -- a label is heard
    const facts = [local ? $localize`:@@people.nameYou:${name}:NAME: (you)` : name];
    if (role !== 'participant') facts.push(ROLE_WORDS[role]);
    if (verified !== null && !local) facts.push(verifiedWords(verified));
    if (!microphoneOn) facts.push($localize`:@@people.muted:muted`);
    if (!camera) facts.push($localize`:@@people.cameraOff:camera off`);
    return formatFacts(facts);
  });
}
