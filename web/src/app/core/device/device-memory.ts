import { Injectable } from '@angular/core';
import { keep, keptFacts } from './kept';

/** What this device remembers of its owner's choices. No secrets, no names of people or rooms. */
export interface DeviceChoices {
  readonly microphone: string;
  readonly camera: string;
  readonly speaker: string;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
}

const KEY = 'conclave.devices';

/** Keeps device choices between meetings. A browser that forbids storage simply forgets. */
@Injectable({ providedIn: 'root' })
export class DeviceMemory {
  recall(): DeviceChoices {
    const facts = keptFacts(KEY);
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    return {
      microphone: text(facts['microphone']),
      camera: text(facts['camera']),
      speaker: text(facts['speaker']),
      microphoneOn: facts['microphoneOn'] !== false,
      cameraOn: facts['cameraOn'] !== false,
    };
  }

  remember(changes: Partial<DeviceChoices>): void {
    keep(KEY, JSON.stringify({ ...this.recall(), ...changes }));
  }
}
