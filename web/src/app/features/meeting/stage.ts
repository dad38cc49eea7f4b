import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { formatCount } from '../../core/format';
import { stopwatch } from '../../core/time/server-clock';
import { Icon } from '../../shared/icon/icon';
import { arrange, promote, withSelf } from './grid-order';
import { gridShape, tileSize, type Box, type Posture } from './grid-shape';
import { MeetingRoom } from './meeting-room';
import { Movable, OwnPicture } from './own-picture';
import type { ParticipantView } from './participant-view';
import { SharedScreen } from './shared-screen';
import { PAGER, stripOf } from './strip';
import { Tile } from './tile';
import { TrackVideo } from './track-video';

const PHONE_PX = 560;
const PAGE = { phone: 6, desktop: 12 } as const;
const GAP = { phone: 8, desktop: 10 } as const;
/** Two screens stand beside each other only where each is still large. */
const BESIDE_PX = 900;

/** The floor: everyone in a grid of pages, or what is presented with the people beside or below it. */
@Component({
  selector: 'cv-stage',
  imports: [Icon, Movable, SharedScreen, Tile, TrackVideo],
  templateUrl: './stage.html',
  styleUrl: './stage.css',
  host: {
    '[class.spotlight]': 'spotlight()',
    '[class.below]': 'spotlight() && strip().below',
    '[class.narrow]': 'narrow()',
    '[style.--strip.px]': 'strip().thickness',
  },
})
export class Stage {
  protected readonly room = inject(MeetingRoom);
  protected readonly own = inject(OwnPicture);
  protected readonly BESIDE = 'beside';
  protected readonly count = formatCount;
  /** The stage itself, and the floor on which it shares the width with an open panel. */
  private readonly size = signal<Box>({ width: 1024, height: 640 });
  private readonly floor = signal<Box>({ width: 1024, height: 640 });
  private readonly order = signal<readonly string[]>([]);
  private readonly pageIndex = signal(0);
  private readonly lastSpoke = new Map<string, number>();
  /** Pages, columns and order hang on the floor, so that nobody changes place when a panel opens. */
  protected readonly narrow = computed(() => this.floor().width < PHONE_PX);
  private readonly gap = computed(() => (this.narrow() ? GAP.phone : GAP.desktop));

  /** Others' screens, in the order in which they were presented. */
  private readonly screenOrder = linkedSignal<readonly string[], readonly string[]>({
    source: () => this.room.presenters().flatMap(({ local, joinId }) => (local ? [] : [joinId])),
    computation: (present, before) => arrange(before?.value ?? [], present),
  });
  protected readonly screens = computed(() => {
    const byId = new Map(this.room.presenters().map((person) => [person.joinId, person]));
    return this.screenOrder().flatMap((id) => byId.get(id) ?? []);
  });
  protected readonly choice = signal<string | null>(null);
  protected readonly fitBeside = computed(() => this.screens().length === 2 && this.size().width >= BESIDE_PX);
  /** What the person chose while it is there; else both where they fit, else the newest. */
  protected readonly shownScreens = computed(() => {
    const screens = this.screens();
    const chosen = screens.filter(({ joinId }) => joinId === this.choice());
    if (chosen.length > 0) return chosen;
    return this.fitBeside() ? screens : screens.slice(-1);
  });
  protected readonly spotlight = computed(() => this.room.presenters().length > 0);

  private readonly people = computed(() => new Map(this.room.participants().map((person) => [person.joinId, person])));
  private readonly alone = computed(() => this.order().length === 0);
  /** One's own picture floats over the grid; beside a presentation it stands among the others, and alone it has the stage. */
  protected readonly floating = computed(() =>
    this.alone() || this.spotlight() || this.own.hidden() ? null : this.room.self(),
  );
  private readonly line = computed(() => {
    const self = this.room.self()?.joinId;
    if (!self || (!this.alone() && (!this.spotlight() || this.own.hidden()))) return this.order();
    return withSelf(this.order(), self, this.pageSize());
  });
  protected readonly strip = computed(() => stripOf(this.size(), this.people().size));
  protected readonly pageSize = computed(() =>
    this.spotlight() ? this.strip().places : this.narrow() ? PAGE.phone : PAGE.desktop,
  );
  protected readonly pages = computed(() => Math.max(1, Math.ceil(this.line().length / this.pageSize())));
  protected readonly page = computed(() => Math.min(this.pageIndex(), this.pages() - 1));
  protected readonly shown = computed<readonly ParticipantView[]>(() => {
    const from = this.page() * this.pageSize();
    return this.line()
      .slice(from, from + this.pageSize())
      .flatMap((id) => this.people().get(id) ?? []);
  });
  private readonly posture = computed<Posture>(() => {
    const seen = this.shown().filter(({ camera }) => camera !== null);
    const standing = seen.filter(({ posture }) => posture === 'standing');
    return standing.length * 2 > seen.length ? 'standing' : 'lying';
  });
  protected readonly shape = computed(() => gridShape(this.shown().length, this.floor(), this.gap(), this.posture()));
  protected readonly tile = computed(() => {
    if (this.spotlight()) return this.strip().tile;
    const { width, height } = this.size();
    const room = { width, height: this.pages() > 1 ? height - PAGER : height };
    return tileSize(this.shape(), room, this.gap(), this.posture());
  });
  /** Small beside the others' pictures, and never so small that one is not to be seen. */
  protected readonly ownWidth = computed(() => Math.round(Math.min(208, Math.max(112, this.tile().width * 0.36))));

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new ResizeObserver((entries) => {
        for (const { target, contentRect } of entries)
          (target === element ? this.size : this.floor).set({ width: contentRect.width, height: contentRect.height });
      });
      observer.observe(element);
      const floor = element.closest('main');
      if (floor) observer.observe(floor);
      destroyed.onDestroy(() => observer.disconnect());
    });
    effect(() => {
      const people = this.room.participants();
      const places = this.spotlight() && !this.own.hidden() ? this.pageSize() - 1 : this.pageSize();
      untracked(() => this.place(people, places));
    });
  }

  protected turn(by: number): void {
    this.pageIndex.set(Math.min(this.pages() - 1, Math.max(0, this.page() + by)));
  }

  private place(people: readonly ParticipantView[], places: number): void {
    const others = people.filter(({ local }) => !local);
    let order = arrange(
      this.order(),
      others.map(({ joinId }) => joinId),
    );
    for (const { joinId, speaking } of others) {
      if (!speaking) continue;
      this.lastSpoke.set(joinId, stopwatch());
      order = promote(order, joinId, places, (id) => this.lastSpoke.get(id) ?? 0);
    }
    const same = order.length === this.order().length && order.every((id, index) => id === this.order()[index]);
    if (!same) this.order.set(order);
  }
}
