import { TestBed } from '@angular/core/testing';
import { Leaving } from '../leaving/leaving';
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

  it('is not lost by a reload, by closing or by Back before that', async () => {
    const fixture = TestBed.createComponent(PersonalTokenCard);
    fixture.componentRef.setInput('token', 'cnv_abc');
    await fixture.whenStable();
    const asks = () => {
      const event = new Event('beforeunload', { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(asks()).toBe(true);
    (fixture.nativeElement as HTMLElement).querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    expect(asks()).toBe(false);
    fixture.destroy();
    expect(await TestBed.inject(Leaving).ask(['lost'])).toBe(true);
  });
});
