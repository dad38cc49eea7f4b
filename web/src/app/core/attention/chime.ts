/** What calls: a message rises, somebody at the door knocks twice. */
const NOTES_HZ = { message: [660, 880], knock: [520, 520] } as const;
const NOTE_S = 0.13;
const LOUD = 0.06;

let context: AudioContext | null = null;

/** Two soft notes, made here. A browser that wants a click first plays nothing. */
export function chime(of: keyof typeof NOTES_HZ = 'message'): void {
  const notes = NOTES_HZ[of];
  try {
    const audio = (context ??= new AudioContext());
    void audio.resume().catch(() => undefined);
    const volume = audio.createGain();
    const from = audio.currentTime;
    const end = from + NOTE_S * (notes.length + 1);
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUD, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, end);
    volume.connect(audio.destination);
    notes.forEach((pitch, index) => {
      const note = new OscillatorNode(audio, { type: 'sine', frequency: pitch });
      note.connect(volume);
      note.start(from + index * NOTE_S);
      note.stop(end);
    });
  } catch {
    // Without a sound device there is no sound.
  }
}
