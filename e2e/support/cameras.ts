import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';

/** How somebody looks before their camera: a few colours. */
export interface Sitter {
  readonly wall: readonly [string, string];
  readonly lamp: string;
  readonly skin: readonly [string, string];
  readonly hair: string;
  readonly longHair?: boolean;
  readonly clothes: readonly [string, string];
  /** Where in the picture they sit, from -1 to 1. */
  readonly aside: number;
}

const frames = 48;

/** Paints a sitter who breathes, as a film that Chromium takes for a camera. Answers where it lies. */
export async function film(browser: Browser, name: string, sitter: Sitter): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-camera-'));
  const page = await browser.newPage();
  try {
    const pictures = await page.evaluate(paint, { sitter, frames });
    const file = join(folder, `${name}.mjpeg`);
    await writeFile(file, Buffer.concat(pictures.map((picture) => Buffer.from(picture, 'base64'))));
    return file;
  } finally {
    await page.close();
  }
}

/** Removes a film. */
export const discard = (file: string): Promise<void> => rm(join(file, '..'), { recursive: true, force: true });

/** Runs in a page: a canvas is the simplest painter at hand. */
function paint({ sitter, frames: count }: { sitter: Sitter; frames: number }): string[] {
  const [width, height] = [960, 540];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const g = canvas.getContext('2d');
  if (!g) throw new Error('no canvas');
  const linear = (x0: number, y0: number, x1: number, y1: number, from: string, to: string): CanvasGradient => {
    const gradient = g.createLinearGradient(x0, y0, x1, y1);
    gradient.addColorStop(0, from);
    gradient.addColorStop(1, to);
    return gradient;
  };
  const blob = (fill: string | CanvasGradient, x: number, y: number, rx: number, ry: number, blur: number): void => {
    g.filter = blur ? `blur(${blur}px)` : 'none';
    g.fillStyle = fill;
    g.beginPath();
    g.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
    g.fill();
  };
  const pictures: string[] = [];
  for (let i = 0; i < count; i++) {
    const breath = Math.sin((i / count) * Math.PI * 2);
    const x = width / 2 + sitter.aside * 110 + breath * 2;
    const y = 232 + breath * 3;
    g.filter = 'none';
    g.fillStyle = linear(0, 0, width, height, ...sitter.wall);
    g.fillRect(0, 0, width, height);
    // A lamp, a shelf and a window, all out of focus.
    g.globalAlpha = 0.5;
    blob(sitter.lamp, width * 0.14, 120, 90, 90, 60);
    g.globalAlpha = 0.22;
    g.filter = 'blur(14px)';
    g.fillStyle = '#fff';
    g.fillRect(width * 0.74, -20, 170, 260);
    g.fillStyle = '#000';
    g.fillRect(-20, 300, 250, 16);
    for (let book = 0; book < 6; book++) g.fillRect(20 + book * 32, 236 + (book % 3) * 12, 22, 64 - (book % 3) * 12);
    g.globalAlpha = 1;
    if (sitter.longHair) blob(sitter.hair, x, y + 62, 116, 168, 7);
    // Shoulders, neck, head, hair: soft at the edges, as a cheap lens sees them.
    blob(linear(x, 380, x, height, ...sitter.clothes), x, 590 + breath * 2, 268, 196, 3);
    blob(sitter.skin[1], x, 372, 50, 74, 3);
    blob(linear(x - 60, 400, x + 60, 420, ...sitter.clothes), x, 452, 82, 30, 4);
    blob(linear(x - 90, y - 90, x + 80, y + 110, ...sitter.skin), x, y, 92, 122, 2);
    g.save();
    g.beginPath();
    g.rect(0, 0, width, y - 38);
    g.clip();
    blob(sitter.hair, x, y - 14, 103, 130, 3);
    g.restore();
    g.globalAlpha = 0.16;
    blob('#fff', x - 34, y - 6, 34, 60, 22);
    g.globalAlpha = 1;
    pictures.push(canvas.toDataURL('image/jpeg', 0.92).split(',')[1] ?? '');
  }
  return pictures;
}
