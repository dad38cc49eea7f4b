import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '../../core/session/session';
import { LocalPreview } from './local-preview';
import { PreviewStage } from './preview-stage';

Object.assign(globalThis, { MediaStream: class {} });

/** The picture of a camera that looks somewhere. */
async function shown(facingMode: string | undefined) {
  const track = { getSettings: () => ({ facingMode }) };
  const camera = signal<object>(track);
  let flips = 0;
  const preview = {
    camera,
    microphone: signal(null),
    cameraOn: signal(true),
    microphoneOn: signal(false),
    blocked: signal({ camera: false, microphone: false }),
    opening: signal(false),
    micLevel: signal(0),
    canFlip: signal(facingMode !== undefined),
    flipCamera: () => flips++,
  };
  TestBed.configureTestingModule({
    providers: [
      { provide: LocalPreview, useValue: preview },
      { provide: Session, useValue: { me: () => null } },
    ],
  });
  const fixture = TestBed.createComponent(PreviewStage);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  return {
    video: page.querySelector('video'),
    round: page.querySelector<HTMLButtonElement>('[aria-label="Turn the camera round"]'),
    flips: () => flips,
  };
}

describe('one’s own picture before the meeting', () => {
  it('is a mirror where the camera looks at oneself, with a button to turn it round', async () => {
    const { video, round, flips } = await shown('user');
    expect([video?.className, video?.getAttribute('aria-label')]).toEqual(['mirrored', 'Your camera, mirrored']);
    round?.click();
    expect(flips()).toBe(1);
  });

  it('is none where it looks away: what is written there can be read', async () => {
    const { video } = await shown('environment');
    expect([video?.className, video?.getAttribute('aria-label')]).toEqual(['', 'Your camera']);
  });

  it('has no such button where there is no other side', async () => {
    const { video, round } = await shown(undefined);
    expect([video?.className, round]).toEqual(['mirrored', null]);
  });
});
