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

/** Few frames a second: three of these are encoded at once on a small machine. */
const [width, height, frames, framesPerSecond] = [960, 540, 24, 10];

/** Paints a sitter who breathes, as a film that Chromium takes for a camera. Answers where it lies. */
export async function film(browser: Browser, name: string, sitter: Sitter): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'conclave-camera-'));
  const page = await browser.newPage();
  try {
    const pictures = await page.evaluate(paint, { sitter, width, height, frames });
    const file = join(folder, `${name}.y4m`);
    const parts = pictures.flatMap((picture) => [Buffer.from('FRAME\n'), Buffer.from(picture, 'base64')]);
    const header = `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420mpeg2\n`;
    await writeFile(file, Buffer.concat([Buffer.from(header), ...parts]));
    return file;
  } finally {
    await page.close();
  }
}

/** Removes a film. */
export const discard = (file: string): Promise<void> => rm(join(file, '..'), { recursive: true, force: true });

/** Runs in a page: a canvas is the simplest painter at hand. Answers frames of I420 in base64. */
function paint({
  sitter,
  width,
  height,
  frames: count,
}: {
  sitter: Sitter;
  width: number;
  height: number;
  frames: number;
}): string[] {
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
    blob(sitter.hair, x, y - 16, 103, 128, 3);
    blob(linear(x - 90, y - 70, x + 80, y + 120, ...sitter.skin), x, y + 16, 87, 108, 3);
    g.globalAlpha = 0.16;
    blob('#fff', x - 34, y - 6, 34, 60, 22);
    g.globalAlpha = 1;
    pictures.push(base64(planes(g.getImageData(0, 0, width, height).data)));
  }
  return pictures;

  /** BT.601 in the range of studio video, colour at half the size. */
  function planes(rgba: Uint8ClampedArray): Uint8ClampedArray {
    const size = width * height;
    const yuv = new Uint8ClampedArray((size * 3) / 2);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = row * width + column;
        const [r = 0, green = 0, b = 0] = rgba.subarray(at * 4, at * 4 + 3);
        yuv[at] = 16 + 0.257 * r + 0.504 * green + 0.098 * b;
        if (row % 2 || column % 2) continue;
        const half = (row / 2) * (width / 2) + column / 2;
        yuv[size + half] = 128 - 0.148 * r - 0.291 * green + 0.439 * b;
        yuv[size * 1.25 + half] = 128 + 0.439 * r - 0.368 * green - 0.071 * b;
      }
    }
    return yuv;
  }

  function base64(bytes: Uint8ClampedArray): string {
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  }
}
