import type { DeviceKind } from './device-problem';

/** For specs: what the browser lets the page do, changed while the page is open. */
export class AccessFake {
  private readonly statuses = {
    microphone: Object.assign(new EventTarget(), { state: 'granted' }),
    camera: Object.assign(new EventTarget(), { state: 'granted' }),
  };

  constructor() {
    Object.defineProperty(navigator, 'permissions', {
      configurable: true,
      value: { query: async ({ name }: { name: DeviceKind }) => this.statuses[name] },
    });
  }

  /** The person changes it in the browser's settings. */
  async change(kind: DeviceKind, state: PermissionState): Promise<void> {
    this.statuses[kind].state = state;
    this.statuses[kind].dispatchEvent(new Event('change'));
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** A browser that says nothing about devices. */
  gone(): void {
    Reflect.deleteProperty(navigator, 'permissions');
  }
}
