import { Injectable } from '@angular/core';

/** What this device remembers of its owner's choices. No secrets, no names of people or rooms. */
export interface DeviceChoices {
  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
}

const KEY = 'conclave.devices';
const AT_FIRST: DeviceChoices = { microphone: '', camera: '', speaker: '', microphoneOn: true, cameraOn: true };

/** Keeps device choices between meetings. A browser that forbids storage simply forgets. */
@Injectable({ providedIn: 'root' })
export class DeviceMemory {
  recall(): DeviceChoices {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
      if (typeof stored !== 'object' || stored === null) return AT_FIRST;
      const s = stored as Record<string, unknown>;
      const text = (value: unknown) => (typeof value === 'string' ? value : '');
      return {
        microphone: text(s['microphone']),
        camera: text(s['camera']),
        speaker: text(s['speaker']),
        microphoneOn: s['microphoneOn'] !== false,
        cameraOn: s['cameraOn'] !== false,
      };
    } catch {
      return AT_FIRST;
    }
  }

  remember(changes: Partial<DeviceChoices>): void {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...this.recall(), ...changes }));
    } catch {
      // Storage is a convenience here; the choice still holds for this meeting.
    }
  }
}
