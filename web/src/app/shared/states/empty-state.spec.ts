import { TestBed } from '@angular/core/testing';
import { EmptyState } from './empty-state';

describe('a page that says an end or an error', () => {
  it('carries no class that the page around may use for something else', async () => {
    const fixture = TestBed.createComponent(EmptyState);
    fixture.componentRef.setInput('heading', 'You are not invited to this room');
    fixture.componentRef.setInput('level', '1');
    await fixture.whenStable();
    const host = fixture.nativeElement as HTMLElement;
    expect([host.className, host.dataset['level']]).toEqual(['', '1']);
  });
});
