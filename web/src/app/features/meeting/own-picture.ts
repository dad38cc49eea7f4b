import { Directive, ElementRef, inject, Injectable, signal } from '@angular/core';
import { keep, kept } from '../../core/device/kept';

/** Where one's own picture floats: parts of the free width and height, from where the page's text begins and from the top. */
interface Place {
  readonly along: number;
  readonly down: number;
}

const KEY = 'conclave.ownPicture';
/** The upper corner at the end of the line: names stand at the foot of a picture. */
const CORNER: Place = { along: 1, down: 0 };
/** One press of an arrow key. */
const STEP = 0.08;

/** One's own picture in the meeting: small and movable, or not shown to oneself at all. Others see one either way. */
@Injectable()
export class OwnPicture {
  readonly hidden = signal(kept(KEY) === 'hidden');
  readonly place = signal<Place>(CORNER);

  show(shown: boolean): void {
    this.hidden.set(!shown);
    keep(KEY, shown ? 'shown' : 'hidden');
  }

  move(along: number, down: number): void {
    this.place.update((place) => ({ along: part(place.along + along), down: part(place.down + down) }));
  }

  toCorner(): void {
    this.place.set(CORNER);
  }
}

/** Lets one's own picture be drawn elsewhere with a finger or mouse. What can be pressed inside still can. */
@Directive({
  selector: '[cvMovable]',
  exportAs: 'cvMovable',
  host: {
    '[style.inset-inline-start]': '`calc((100% - var(--own-width)) * ${own.place().along})`',
    '[style.inset-block-start]': '`calc((100% - var(--own-height)) * ${own.place().down})`',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'from = null',
    '(pointercancel)': 'from = null',
  },
})
export class Movable {
  protected readonly own = inject(OwnPicture);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected from: { readonly x: number; readonly y: number } | null = null;

  protected grab(event: PointerEvent): void {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button'))) return;
    this.from = { x: event.clientX, y: event.clientY };
    this.element.setPointerCapture(event.pointerId);
  }

  protected drag(event: PointerEvent): void {
    const floor = this.element.offsetParent;
    if (!this.from || !floor) return;
    const [width, height] = [
      floor.clientWidth - this.element.offsetWidth,
      floor.clientHeight - this.element.offsetHeight,
    ];
    this.own.move(
      width > 0 ? ((event.clientX - this.from.x) / width) * this.direction() : 0,
      height > 0 ? (event.clientY - this.from.y) / height : 0,
    );
    this.from = { x: event.clientX, y: event.clientY };
  }

  /** For the handle: arrow keys move, Home brings the picture back to its corner. */
  step(event: KeyboardEvent): void {
    const along = this.direction() * STEP;
    switch (event.key) {
      case 'ArrowLeft':
        this.own.move(-along, 0);
        break;
      case 'ArrowRight':
        this.own.move(along, 0);
        break;
      case 'ArrowUp':
        this.own.move(0, -STEP);
        break;
      case 'ArrowDown':
        this.own.move(0, STEP);
        break;
      case 'Home':
        this.own.toCorner();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private direction(): 1 | -1 {
    return getComputedStyle(this.element).direction === 'rtl' ? -1 : 1;
  }
}

const part = (value: number): number => Math.min(1, Math.max(0, value));
