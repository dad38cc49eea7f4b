import { Component, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '../session/session';
import { draftOf, Drafts } from './drafts';

class SessionFake {
  readonly me = signal<{ id: string } | null>({ id: 'tom' });
  signOut: () => void = () => {};
  onSignOut = (heard: () => void) => void (this.signOut = heard);
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
  TestBed.tick();
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
    drafts.keep('chat room', 'Good mor');
    expect(drafts.recall('chat room')).toBe('Good mor');
    expect(drafts.recall('chat other')).toBe('');
    drafts.keep('chat room', '');
    expect(sessionStorage).toHaveLength(0);
  });

  it('is its writer’s alone, and gone for whoever comes after them', () => {
    const { session, drafts } = open();
    drafts.keep('chat room', 'secret');
    session.me.set(null);
    expect(drafts.recall('chat room')).toBe('');
    // A session that ran out: the same person finds it again.
    session.me.set({ id: 'tom' });
    TestBed.tick();
    expect(drafts.recall('chat room')).toBe('secret');
    session.me.set({ id: 'lea' });
    TestBed.tick();
    expect(sessionStorage).toHaveLength(0);
  });

  it('goes with signing out, and leaves what is not a draft', () => {
    const { session, drafts } = open();
    sessionStorage.setItem('else', 'stays');
    drafts.keep('chat room', 'secret');
    session.signOut();
    expect({ ...sessionStorage }).toEqual({ else: 'stays' });
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
    first.draft.forget();
    expect(form().wish().name).toBe('');
    first.wish.set({ name: 'Boards', open: false, password: '' });
    TestBed.tick();
    first.wish.set({ name: '', open: false, password: '' });
    TestBed.tick();
    expect(sessionStorage).toHaveLength(0);
  });

  it('that somebody wrote over is no draft', () => {
    open();
    for (const text of ['{', '7', 'null', '{"name":7,"open":"x"}']) {
      sessionStorage.setItem('conclave.draft tom form one', text);
      expect(form().wish()).toEqual({ name: '', open: false, password: '' });
    }
  });
});
