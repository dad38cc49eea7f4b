/** Measures how loud a microphone is, as 0 to 1, about 15 times a second. */
export class MicLevel {
  private readonly context: AudioContext;
  private readonly source: MediaStreamAudioSourceNode;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(track: MediaStreamTrack, heard: (level: number) => void) {
    this.context = new AudioContext();
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 512;
    this.source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      // Speech lies between about -50 and -10 dB; spread that over the gauge.
      const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
      heard(Math.min(1, Math.max(0, (decibels + 52) / 40)));
    }, 66);
  }

  stop(): void {
    clearInterval(this.timer);
    this.source.disconnect();
    void this.context.close();
  }
}
