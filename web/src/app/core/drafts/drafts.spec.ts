import { Component, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '../session/session';
import { draftOf, Drafts } from './drafts';

class SessionFake {
  readonly me = signal<{ id: string } | null>({ id: 'tom' });
}

@Component({ template: '' })
class FormFake {
  readonly room = input('one');
  readonly wish = signal({ name: '', open: false, password: '' });
  readonly draft = draftOf(() => `form ${this.room()}`, this.wish, ['name', 'open']);
}

function open() {
  const session = new SessionFake();
  TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: session }] });
  const drafts = TestBed.inject(Drafts);
  return { session, drafts };
}

function form(room = 'one') {
  const fixture = TestBed.createComponent(FormFake);
  fixture.componentRef.setInput('room', room);
  TestBed.tick();
  return fixture.componentInstance;
}

beforeEach(() => sessionStorage.clear());

describe('a draft', () => {
  it('is there again until it is emptied', () => {
    const { drafts } = open();
    drafts.of('chat room').keep('Good mor');
    expect(drafts.of('chat room').recall()).toBe('Good mor');
    expect(drafts.of('chat other').recall()).toBe('');
    drafts.of('chat room').keep('');
    expect(sessionStorage).toHaveLength(0);
  });

  it('is its writer’s alone', () => {
    const { session, drafts } = open();
    drafts.of('chat room').keep('secret');
    session.me.set({ id: 'lea' });
    expect(drafts.of('chat room').recall()).toBe('');
    session.me.set({ id: 'tom' });
    // What is open goes on being its writer's when their session runs out.
    const kept = drafts.of('chat room');
    session.me.set(null);
    kept.keep('secret still');
    session.me.set({ id: 'tom' });
    expect(drafts.of('chat room').recall()).toBe('secret still');
  });
});

describe('the draft of a form', () => {
  it('brings back the fields that it is told of, and never another', () => {
    open();
    form().wish.set({ name: 'Board', open: true, password: 'hidden' });
    TestBed.tick();
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('hidden');
    expect(form().wish()).toEqual({ name: 'Board', open: true, password: '' });
    expect(form('two').wish()).toEqual({ name: '', open: false, password: '' });
  });

  it('is gone when the form was sent, or is as it was at first', () => {
    open();
    const first = form();
    first.wish.set({ name: 'Board', open: false, password: '' });
    TestBed.tick();
    first.wish.set({ name: 'Board', open: true, password: '' });
    TestBed.tick();
    first.wish.set({ name: '', open: false, password: '' });
    TestBed.tick();
    expect(sessionStorage).toHaveLength(0);
    first.wish.set({ name: 'Board', open: false, password: 'x' });
    TestBed.tick();
    first.draft.forget();
    first.wish.set({ name: 'Board', open: false, password: '' });
    TestBed.tick();
    expect(sessionStorage).toHaveLength(0);
    expect(form().wish().name).toBe('');
  });

  it('that somebody wrote over is no draft', () => {
    open();
    for (const text of ['{', '7', 'null', '{"name":7,"open":"x"}']) {
      sessionStorage.setItem('conclave.draft tom form one', text);
      expect(form().wish()).toEqual({ name: '', open: false, password: '' });
    }
  });
});
