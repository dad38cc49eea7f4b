import { Component, computed, DestroyRef, DOCUMENT, ElementRef, inject, input, signal, viewChild } from '@angular/core';
import { formatPercent } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import type { ParticipantView } from './participant-view';
import { TrackVideo } from './track-video';
import { pan, WHOLE, zoomAt, type Look } from './zoom';

/** One press of a button or key. */
const STEP = 1.4;
const PAN_PX = 60;

/** A presented screen: fills its place, is magnified by wheel, pinch, keys and buttons, moved by drawing, and goes full screen. */
@Component({
  selector: 'cv-shared-screen',
  imports: [Icon, TrackVideo],
  templateUrl: './shared-screen.html',
  styleUrl: './shared-screen.css',
  host: {
    role: 'region',
    '[attr.aria-label]': 'label()',
    '[class.magnified]': 'look().scale > 1',
    '[style.--scale]': 'look().scale',
    '[style.--x.px]': 'look().x',
    '[style.--y.px]': 'look().y',
    '(wheel)': 'wheel($event)',
    '(pointerdown)': 'touch($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'letGo($event)',
    '(pointercancel)': 'letGo($event)',
    '(keydown)': 'key($event)',
  },
})
export class SharedScreen {
  readonly person = input.required<ParticipantView>();
  protected readonly look = signal<Look>(WHOLE);
  // eslint-disable-next-line conclave/isolated-names -- a label is heard
  protected readonly label = computed(() => $localize`:@@meeting.screenOf:Screen of ${this.person().name}:NAME:`);
  protected readonly percent = computed(() => formatPercent(this.look().scale));
  protected readonly full = signal(false);
  protected readonly canFill: boolean;
  private readonly document = inject(DOCUMENT);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly view = viewChild.required<ElementRef<HTMLElement>>('view');
  private readonly fingers = new Map<number, { readonly x: number; readonly y: number }>();

  constructor() {
    this.canFill = this.document.fullscreenEnabled;
    const changed = () => this.full.set(this.document.fullscreenElement === this.element);
    this.document.addEventListener('fullscreenchange', changed);
    inject(DestroyRef).onDestroy(() => this.document.removeEventListener('fullscreenchange', changed));
  }

  protected zoom(by: number, point = { x: 0, y: 0 }): void {
    this.look.update((look) => zoomAt(look, look.scale * by, point, this.box()));
  }

  protected whole(): void {
    this.look.set(WHOLE);
  }

  protected fill(): void {
    // Refused outside a click; then nothing changes, which is what one sees.
    const change = this.full() ? this.document.exitFullscreen() : this.element.requestFullscreen();
    change.catch(() => undefined);
  }

  protected wheel(event: WheelEvent): void {
    event.preventDefault();
    // A wheel may count in lines; a pinch on a touchpad comes as small steps.
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    this.zoom(Math.exp(-pixels / (event.ctrlKey ? 100 : 400)), this.place(event));
  }

  protected touch(event: PointerEvent): void {
    if (event.target instanceof Element && event.target.closest('button')) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.element.setPointerCapture(event.pointerId);
  }

  protected drag(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = (point: typeof now) => Math.hypot(point.x - other.x, point.y - other.y);
      if (apart(before) > 0) this.zoom(apart(now) / apart(before), this.place(between(now, other)));
    }
    // With two fingers the middle moves half as far as the one that moves.
    const part = other ? 0.5 : 1;
    this.look.update((look) => pan(look, (now.x - before.x) * part, (now.y - before.y) * part, this.box()));
    this.fingers.set(event.pointerId, now);
  }

  protected letGo(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
  }

  protected key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = (dx: number, dy: number) => this.look.update((look) => pan(look, dx, dy, this.box()));
    const onButton = event.target instanceof Element && event.target.closest('button') !== null;
    switch (event.key) {
      case '+':
      case '=':
        this.zoom(STEP);
        break;
      case '-':
        this.zoom(1 / STEP);
        break;
      case '0':
        this.whole();
        break;
      case 'ArrowLeft':
        if (onButton) return;
        move(PAN_PX, 0);
        break;
      case 'ArrowRight':
        if (onButton) return;
        move(-PAN_PX, 0);
        break;
      case 'ArrowUp':
        move(0, PAN_PX);
        break;
      case 'ArrowDown':
        move(0, -PAN_PX);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  protected readonly step = STEP;
  protected readonly fullLabel = computed(() =>
    this.full()
      ? $localize`:@@meeting.leaveFullScreen:Leave full screen`
      : $localize`:@@meeting.screenFull:This screen in full`,
  );

  private box() {
    const { clientWidth, clientHeight } = this.view().nativeElement;
    return { width: clientWidth, height: clientHeight };
  }

  /** From the middle of the window, in pixels. */
  protected place({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }) {
    const { left, top, width, height } = this.view().nativeElement.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }
}

const between = (a: { readonly x: number; readonly y: number }, b: typeof a) => ({
  clientX: (a.x + b.x) / 2,
  clientY: (a.y + b.y) / 2,
});
