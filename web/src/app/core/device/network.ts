import { DestroyRef, inject, Injectable, signal } from '@angular/core';

/** Whether the browser believes it has a network. False is sure; true only means maybe. */
@Injectable({ providedIn: 'root' })
export class Network {
  private readonly onlineSignal = signal(navigator.onLine);
  readonly online = this.onlineSignal.asReadonly();

  constructor() {
    const update = () => this.onlineSignal.set(navigator.onLine);
    addEventListener('online', update);
    addEventListener('offline', update);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    });
  }
}
