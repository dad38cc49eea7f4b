import { TestBed } from '@angular/core/testing';
import { Api, type Message } from '../../core/api/api';
import { Drafts } from '../../core/drafts/drafts';
import { ApiProblem } from '../../core/api/problem';
import { ChatStore } from './chat-store';

/** A room's messages in memory, with a network that can be cut. */
class ChatServerFake {
  log: Message[] = [];
  keys = new Map<string, Message>();
  cut = false;
  say(author: string, text: string): void {
    const n = this.log.length + 1;
    this.log.push({
      id: `m${n}`,
      author: { id: author, displayName: author },
      text,
      sentAt: new Date(n * 1000).toISOString(),
      can: [],
    });
  }
  messages = async () => ({ items: [...this.log].reverse(), next: null });
  sendMessage: Api['sendMessage'] = async (_slug, { text }, { idempotencyKey: key = '' } = {}) => {
    const known = this.keys.get(key);
    if (known) return known;
    this.say('me', text);
    const stored = this.log.at(-1) as Message;
    this.keys.set(key, stored);
    // The answer is lost on the way back: the message is stored, the sender cannot know.
    if (this.cut) throw new ApiProblem('UNAVAILABLE', { offline: true });
    return stored;
  };
}

async function opened(...before: string[]) {
  const server = new ChatServerFake();
  for (const text of before) server.say('aylin', text);
  TestBed.configureTestingModule({ providers: [ChatStore, { provide: Api, useValue: server }] });
  const chat = TestBed.inject(ChatStore);
  await chat.open('room', 'me');
  return { chat, server };
}

describe('the chat', () => {
  it('shows history in order of time, and counts none of it as new', async () => {
    const { chat } = await opened('one', 'two');
    expect(chat.messages()?.map((m) => m.text)).toEqual(['one', 'two']);
    expect(chat.unread()).toBe(0);
  });

  it('counts what others say while the panel is closed', async () => {
    const { chat, server } = await opened();
    server.say('aylin', 'hello');
    server.say('me', 'from my phone');
    await chat.refresh();
    expect(chat.unread()).toBe(1);
  });

  it('marks where the new ones begin when the panel opens, and is read then', async () => {
    const { chat, server } = await opened('old');
    server.say('aylin', 'new');
    await chat.refresh();
    chat.show(true);
    expect(chat.newFrom()).toBe('m2');
    expect(chat.unread()).toBe(0);
    chat.show(false);
    expect(chat.newFrom()).toBeNull();
  });

  it('keeps a message that was not sent, and a retry does not send it twice', async () => {
    const { chat, server } = await opened();
    server.cut = true;
    await chat.send('important');
    expect(chat.outgoing()).toMatchObject([{ text: 'important', state: 'failed' }]);
    server.cut = false;
    await chat.retry(chat.outgoing()[0]?.key ?? '');
    expect(chat.outgoing()).toEqual([]);
    expect(server.log).toHaveLength(1);
    expect(chat.messages()?.map((m) => m.text)).toEqual(['important']);
  });

  it('what is sent before one is inside, or while one is coming back, waits and then goes', async () => {
    const server = new ChatServerFake();
    TestBed.configureTestingModule({ providers: [ChatStore, { provide: Api, useValue: server }] });
    const chat = TestBed.inject(ChatStore);
    const early = chat.send('early');
    expect(chat.outgoing()).toMatchObject([{ text: 'early', state: 'sending' }]);
    expect(server.log).toEqual([]);
    await chat.open('room', 'me');
    await early;
    chat.pause();
    const meanwhile = chat.send('meanwhile');
    expect(server.log.map(({ text }) => text)).toEqual(['early']);
    chat.resume();
    await meanwhile;
    expect(server.log.map(({ text }) => text)).toEqual(['early', 'meanwhile']);
    expect(chat.outgoing()).toEqual([]);
  });

  it('keeps what is typed, and what was not sent, for whoever comes back to this room', async () => {
    sessionStorage.clear();
    const { chat, server } = await opened();
    chat.prepare('room');
    chat.draft.set({ text: 'and then' });
    server.cut = true;
    await chat.send('first');
    TestBed.tick();
    expect(TestBed.inject(Drafts).of('chat:room').recall()).toBe('and then');
    chat.close();
    TestBed.tick();
    const again = TestBed.runInInjectionContext(() => new ChatStore());
    again.prepare('room');
    expect(again.draft().text).toBe('first\nand then');
    again.prepare('other');
    expect(TestBed.inject(Drafts).of('chat:other').recall()).toBe('');
  });

  it('tells everybody by their newest name', async () => {
    const { chat, server } = await opened('one', 'two');
    server.say('aylin', 'three');
    const last = server.log.at(-1);
    if (last) server.log[2] = { ...last, author: { ...last.author, displayName: 'Aylin Berg' } };
    await chat.refresh();
    expect(chat.messages()?.map(({ author }) => author.displayName)).toEqual(Array(3).fill('Aylin Berg'));
  });

  it('forgets everything on closing', async () => {
    const { chat } = await opened('secret');
    chat.close();
    expect(chat.messages()).toBeNull();
  });
});
