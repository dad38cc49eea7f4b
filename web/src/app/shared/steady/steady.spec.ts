import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Steady } from './steady';

@Component({
  imports: [Steady],
  template: `
    <ul cvSteady>
      @for (name of names(); track name) {
        <li><button (click)="press(name)">Admit</button></li>
      }
    </ul>
  `,
})
class Waiting {
  readonly names = signal(['Tom', 'Eve', 'Lea']);
  readonly admitted: string[] = [];

  press(name: string): void {
    this.admitted.push(name);
    this.names.update((names) => names.filter((one) => one !== name));
  }
}

async function open() {
  const fixture = TestBed.createComponent(Waiting);
  await fixture.whenStable();
  const first = () => (fixture.nativeElement as HTMLElement).querySelector('button');
  const press = async (detail: number) => {
    first()?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    await fixture.whenStable();
  };
  return { press, admitted: fixture.componentInstance.admitted };
}

describe('a list whose rows go when they are pressed', () => {
  it('does not take the second press of an impatient finger for the next row', async () => {
    const { press, admitted } = await open();
    await press(1);
    await press(2);
    await press(1);
    expect(admitted).toEqual(['Tom']);
  });

  it('takes the next one once it could be seen, and from the keyboard at once', async () => {
    const { press, admitted } = await open();
    await press(0);
    await press(0);
    expect(admitted).toEqual(['Tom', 'Eve']);
    await new Promise((resolve) => setTimeout(resolve, 520));
    await press(1);
    expect(admitted).toEqual(['Tom', 'Eve', 'Lea']);
  });
});
