import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Notices } from '../../core/attention/notices';
import { Announcer } from './announcer';
import { ChatStore } from './chat-store';
import { MeetingRoom } from './meeting-room';
import type { ParticipantView } from './participant-view';
import { Rights } from './rights';

const person = (joinId: string, name: string, local = false) =>
  ({ joinId, userId: `u-${joinId}`, name, local }) as ParticipantView;
const [lea, tom, me] = [person('j-lea', 'Lea'), person('j-tom', 'Tom'), person('j-me', 'Me', true)];

function inside() {
  localStorage.clear();
  const room = {
    participants: signal<readonly ParticipantView[]>([lea, tom, me]),
    presenters: signal<readonly ParticipantView[]>([]),
  };
  const chat = { unread: signal(0), messages: signal([{ author: { displayName: 'Lea' } }]) };
  const arriving = signal<readonly { joinId: string; displayName: string }[]>([]);
  TestBed.configureTestingModule({
    providers: [
      Announcer,
      { provide: MeetingRoom, useValue: room },
      { provide: ChatStore, useValue: chat },
      { provide: Rights, useValue: { arriving } },
    ],
  });
  const announcer = TestBed.inject(Announcer);
  const said = () => {
    TestBed.tick();
    return announcer.said()[0];
  };
  said();
  return { room, chat, arriving, announcer, said, notices: TestBed.inject(Notices) };
}

/** A sound device that only counts. */
function fakeSound(started: number[]) {
  const gain = { setValueAtTime: () => 0, linearRampToValueAtTime: () => 0, exponentialRampToValueAtTime: () => 0 };
  class AudioContext {
    currentTime = 0;
    destination = {};
    resume = async () => undefined;
    createGain = () => ({ gain, connect: () => undefined });
  }
  class OscillatorNode {
    connect = () => undefined;
    start = (at: number) => void started.push(at);
    stop = () => undefined;
  }
  return { AudioContext, OscillatorNode };
}

describe('what others do', () => {
  it('is said by name, once each', () => {
    const { room, chat, announcer, said } = inside();
    announcer.left('j-tom');
    expect(said()?.text).toBe('Tom left.');
    room.presenters.set([lea]);
    expect(said()?.text).toBe('Lea is presenting.');
    const once = said()?.id;
    room.presenters.set([{ ...lea, speaking: true }]);
    expect(said()?.id).toBe(once);
    room.presenters.set([]);
    expect(said()?.text).toBe('Lea stopped presenting.');
    announcer.shared('u-j-lea');
    expect(said()?.text).toBe('Lea shared a file.');
    announcer.shared('u-j-me');
    expect(said()?.text).toBe('Lea shared a file.');
    chat.unread.set(1);
    expect(said()?.text).toBe('Message from Lea.');
  });

  it('is said again where the same happens again', () => {
    const { chat, said } = inside();
    chat.unread.set(1);
    const first = said();
    chat.unread.set(2);
    expect(said()).toEqual({ id: (first?.id ?? 0) + 1, text: 'Message from Lea.' });
  });

  it('is said of somebody on the way in once, however often they are read', () => {
    const { arriving, announcer, said } = inside();
    const nora = { joinId: 'j-nora', displayName: 'Nora' };
    arriving.set([nora]);
    expect(said()?.text).toBe('Nora is on the way in.');
    const once = said()?.id;
    arriving.set([{ ...nora }]);
    arriving.set([]);
    arriving.set([{ ...nora }]);
    expect(said()?.id).toBe(once);
    announcer.joined('j-nora', 'Nora');
    expect(said()?.text).toBe('Nora joined.');
  });

  it('is heard and told outside the page as the person wants, also what is said elsewhere on it', () => {
    const { announcer, said, notices } = inside();
    const started: number[] = [];
    const told: string[][] = [];
    Object.assign(globalThis, fakeSound(started));
    notices.notify = (...words) => void told.push(words);
    announcer.roomName = 'Board review';
    announcer.attract('Anna is waiting to come in.', 'knock');
    expect([started.length, said()?.text]).toEqual([2, '']);
    notices.choose({ sound: false });
    announcer.attract('Anna is waiting to come in.', 'knock');
    expect(started).toHaveLength(2);
    expect(told).toEqual(Array(2).fill(['Board review', 'Anna is waiting to come in.']));
  });

  it('is said as much as the person wants', () => {
    const { chat, announcer, said, notices } = inside();
    notices.choose({ said: 'important' });
    announcer.joined('j-new', 'Nora');
    expect(said()?.text).toBe('');
    chat.unread.set(1);
    expect(said()?.text).toBe('Message from Lea.');
    notices.choose({ said: 'none' });
    chat.unread.set(2);
    expect(said()?.id).toBe(1);
  });
});
