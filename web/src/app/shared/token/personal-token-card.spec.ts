import { TestBed } from '@angular/core/testing';
import { PersonalTokenCard } from './personal-token-card';

describe('the personal token card', () => {
  it('lets nobody pass before the token is said to be stored', async () => {
    const fixture = TestBed.createComponent(PersonalTokenCard);
    fixture.componentRef.setInput('token', 'cnv_abc');
    let passed = 0;
    fixture.componentInstance.stored.subscribe(() => passed++);
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const button = [...element.querySelectorAll('button')].find((b) =>
      b.textContent?.includes('Continue'),
    ) as HTMLButtonElement;
    expect(element.querySelector('code')?.textContent).toBe('cnv_abc');
    expect(button.disabled).toBe(true);
    (element.querySelector('input[type=checkbox]') as HTMLInputElement).click();
    await fixture.whenStable();
    expect(button.disabled).toBe(false);
    button.click();
    expect(passed).toBe(1);
  });
});
