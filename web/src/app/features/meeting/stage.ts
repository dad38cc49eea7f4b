import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  signal,
  untracked,
} from '@angular/core';
import { formatCount } from '../../core/format';
import { stopwatch } from '../../core/time/server-clock';
import { Icon } from '../../shared/icon/icon';
import { arrange, promote } from './grid-order';
import { gridShape } from './grid-shape';
import { MeetingRoom } from './meeting-room';
import type { ParticipantView } from './participant-view';
import { Tile } from './tile';
import { TrackVideo } from './track-video';

const PHONE_PX = 560;
const PAGE = { phone: 6, desktop: 12 } as const;
const STRIP = { phone: 3, desktop: 5 } as const;

/** The floor: everyone in a grid of pages, or what is presented with the people beside it. */
@Component({
  selector: 'cv-stage',
  imports: [Icon, Tile, TrackVideo],
  templateUrl: './stage.html',
  styleUrl: './stage.css',
  host: { '[class.spotlight]': 'room.presenter() !== null', '[class.narrow]': 'narrow()' },
})
export class Stage {
  protected readonly room = inject(MeetingRoom);
  protected readonly narrow = computed(() => this.size().width < PHONE_PX);
  protected readonly count = formatCount;
  protected readonly screenLabel = computed(() => {
    const presenter = this.room.presenter();
    if (!presenter || presenter.local) return $localize`:@@meeting.youPresent:You are presenting`;
    // eslint-disable-next-line conclave/isolated-names -- a label is heard
    return $localize`:@@meeting.screenOf:Screen of ${presenter.name}:NAME:`;
  });
  private readonly size = signal({ width: 1024, height: 640 });
  private readonly order = signal<readonly string[]>([]);
  private readonly pageIndex = signal(0);
  private readonly lastSpoke = new Map<string, number>();

  protected readonly pageSize = computed(() => {
    const sizes = this.room.presenter() ? STRIP : PAGE;
    return this.narrow() ? sizes.phone : sizes.desktop;
  });
  protected readonly pages = computed(() => Math.max(1, Math.ceil(this.order().length / this.pageSize())));
  protected readonly page = computed(() => Math.min(this.pageIndex(), this.pages() - 1));
  protected readonly shown = computed<readonly ParticipantView[]>(() => {
    const people = new Map(this.room.participants().map((person) => [person.joinId, person]));
    const from = this.page() * this.pageSize();
    return this.order()
      .slice(from, from + this.pageSize())
      .flatMap((id) => people.get(id) ?? []);
  });
  protected readonly shape = computed(() => gridShape(this.shown().length, this.size().width, this.size().height));

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new ResizeObserver(([entry]) => {
        if (entry) this.size.set({ width: entry.contentRect.width, height: entry.contentRect.height });
      });
      observer.observe(element);
      destroyed.onDestroy(() => observer.disconnect());
    });
    effect(() => {
      const people = this.room.participants();
      const pageSize = this.pageSize();
      untracked(() => this.place(people, pageSize));
    });
  }

  protected turn(by: number): void {
    this.pageIndex.set(Math.min(this.pages() - 1, Math.max(0, this.page() + by)));
  }

  private place(people: readonly ParticipantView[], pageSize: number): void {
    const self = people.find((person) => person.local)?.joinId ?? '';
    let order = arrange(
      this.order(),
      people.map((person) => person.joinId),
      self,
      pageSize,
    );
    for (const person of people) {
      if (!person.speaking) continue;
      this.lastSpoke.set(person.joinId, stopwatch());
      order = promote(order, person.joinId, self, pageSize, (id) => this.lastSpoke.get(id) ?? 0);
    }
    const same = order.length === this.order().length && order.every((id, index) => id === this.order()[index]);
    if (!same) this.order.set(order);
  }
}
