import { Injectable, signal } from '@angular/core';
import { keep, keptFacts } from '../device/kept';

/** How much of what others do is read out: all, what needs one's attention, or nothing. */
export type Loudness = 'all' | 'important' | 'none';

interface Wish {
  readonly said: Loudness;
  readonly sound: boolean;
  readonly notify: boolean;
}

const KEY = 'conclave.notices';

/** What one wants to be told of in a meeting, and how. Kept on this device. */
@Injectable({ providedIn: 'root' })
export class Notices {
  readonly wish = signal<Wish>(recall());

  choose(changes: Partial<Wish>): void {
    this.wish.update((wish) => ({ ...wish, ...changes }));
    keep(KEY, JSON.stringify(this.wish()));
  }

  /** Call from a click: asks the browser, and answers whether notifications will come. */
  async askToNotify(): Promise<boolean> {
    const granted = canNotify() && (await Notification.requestPermission()) === 'granted';
    this.choose({ notify: granted });
    return granted;
  }

  /** Says it outside the page, for whoever looks at something else. Never what was written: others may see the screen. */
  notify(title: string, body: string): void {
    if (!this.wish().notify || !document.hidden || !canNotify() || Notification.permission !== 'granted') return;
    try {
      const shown = new Notification(title, { body, tag: title, icon: '/mark.svg' });
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
    } catch {
      // Some phones notify only through a service worker, which this app has none of.
    }
  }
}

export const canNotify = (): boolean => 'Notification' in window;

function recall(): Wish {
  const { said, sound, notify } = keptFacts(KEY);
  return {
    said: said === 'important' || said === 'none' ? said : 'all',
    sound: sound !== false,
    notify: notify === true,
  };
}
