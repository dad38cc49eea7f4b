import { DestroyRef, inject, Injectable } from '@angular/core';
import { EventsSocket } from '../../core/events/events-socket';
import type { RoomEvent } from '../../core/events/room-event';
import { RoomFiles } from './room-files';

/** Before the events of another stay are asked for: in another tab somebody may still be inside. */
const AGAIN_MS = 1_000;

/** The files of a room outside its meeting: they follow the stay in another tab, and close the moment it ends. */
@Injectable()
export class FilesElsewhere {
  private readonly files = inject(RoomFiles);
  private readonly events = inject(EventsSocket);
  private slug = '';
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  open(slug: string): void {
    this.stop();
    this.slug = slug;
    void this.show();
  }

  private stop(): void {
    clearTimeout(this.again);
    this.events.close();
  }

  /** Shows what the server has, if it still has anything for us, and hears what becomes of it. */
  private async show(): Promise<void> {
    const { slug } = this;
    await this.files.open(slug);
    if (slug !== this.slug || this.files.closed()) return;
    this.events.open(slug, {
      event: (event) => this.heard(event),
      // What happened before the socket stood.
      connected: () => void this.files.load(),
      refused: () => this.lost(),
    });
  }

  private heard({ type }: RoomEvent): void {
    if (type === 'file.available' || type === 'file.deleted') void this.files.load();
  }

  /** The stay is over. Nothing is shown until the server says that there is another one. */
  private lost(): void {
    this.files.pause();
    void this.files.load().then(() => {
      if (!this.files.closed()) this.again = setTimeout(() => void this.show(), AGAIN_MS);
    });
  }
}
