import { DestroyRef, inject, Injectable, signal } from '@angular/core';

/** Whether the browser believes it has a network. False is sure; true only means maybe. */
@Injectable({ providedIn: 'root' })
export class Network {
  readonly online = signal(navigator.onLine);

  constructor() {
    const update = () => this.online.set(navigator.onLine);
    addEventListener('online', update);
    addEventListener('offline', update);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    });
  }
}
