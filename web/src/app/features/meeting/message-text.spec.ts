import { jest } from '@jest/globals';
import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MessageText } from './message-text';

@Component({ imports: [MessageText], template: `<p [cvMessageText]="text()"></p>` })
class Host {
  readonly text = signal('');
}

async function shown(text: string): Promise<HTMLElement> {
  const fixture = TestBed.createComponent(Host);
  fixture.componentInstance.text.set(text);
  await fixture.whenStable();
  return (fixture.nativeElement as HTMLElement).querySelector('p') as HTMLElement;
}

describe('a message on screen', () => {
  it('is exactly what was written', async () => {
    const text = '  two lines\n  https://example.com/x, and <b>no bold</b> ';
    expect((await shown(text)).textContent).toBe(text);
  });

  it('opens links elsewhere, and tells them nothing of us', async () => {
    const link = (await shown('https://example.com/x')).querySelector('a');
    expect(link?.href).toBe('https://example.com/x');
    expect(link?.rel).toContain('noopener');
    expect(link?.rel).toContain('noreferrer');
  });

  it('tells a host in look-alike letters as the network knows it', async () => {
    expect((await shown('https://аррӏе.example/x')).querySelector('a')?.title).toBe('https://xn--80ak6aa92e.example/x');
    expect((await shown('https://Example.com/x')).querySelector('a')?.title).toBe('');
  });

  it('is shown whole where links cannot be made, as in a browser without a part that they need', async () => {
    const matchAll = jest.spyOn(String.prototype, 'matchAll').mockImplementation(() => {
      throw new TypeError('matchAll is not a function');
    });
    const text = 'see https://example.com/x';
    expect((await shown(text)).textContent).toBe(text);
    matchAll.mockRestore();
  });

  it.each(['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '<svg/onload=alert(1)>'])(
    '%s stays text',
    async (text) => {
      expect((await shown(text)).children).toHaveLength(0);
    },
  );
});
