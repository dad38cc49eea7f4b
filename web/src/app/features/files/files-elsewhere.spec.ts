import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { OPEN_SOCKET, EventsSocket } from '../../core/events/events-socket';
import { FilesElsewhere } from './files-elsewhere';
import { RoomFiles } from './room-files';

/** A socket whose other end is the test. */
class SocketFake {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  close = () => void (this.readyState = WebSocket.CLOSED);
  say(seq: number, type: string) {
    this.onmessage?.({
      data: JSON.stringify({ seq, type, at: '2026-01-01T00:00:00Z', data: { fileId: 'f', ownerId: 'u1' } }),
    });
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

async function open() {
  const sockets: SocketFake[] = [];
  const server = { inside: true, names: ['plan.pdf'] };
  const files = () => {
    if (!server.inside) throw new ApiProblem('NOT_PRESENT');
    return { items: server.names.map((name) => ({ id: name, name })), next: null };
  };
  TestBed.configureTestingModule({
    providers: [
      FilesElsewhere,
      EventsSocket,
      RoomFiles,
      { provide: Api, useValue: { files: async () => files() } },
      { provide: OPEN_SOCKET, useValue: () => sockets[sockets.push(new SocketFake()) - 1] },
    ],
  });
  const list = TestBed.inject(RoomFiles);
  TestBed.inject(FilesElsewhere).open('abcd-efgh');
  await settled();
  sockets[0]?.onopen?.();
  await settled();
  const shown = () => list.list()?.map(({ name }) => name) ?? null;
  return { sockets, server, list, shown };
}

describe('files of a room in another tab', () => {
  it('close when the stay ends, before anybody asks for anything', async () => {
    const { sockets, server, list, shown } = await open();
    expect(shown()).toEqual(['plan.pdf']);
    server.inside = false;
    sockets[0]?.onclose?.({ code: 4403 });
    expect(shown()).toBeNull();
    await settled();
    expect([list.closed(), shown()]).toEqual([true, null]);
  });

  it('close when the session ends', async () => {
    const { sockets, server, list } = await open();
    server.inside = false;
    sockets[0]?.onclose?.({ code: 4401 });
    await settled();
    expect(list.closed()).toBe(true);
  });

  it('stay open while the person is inside in yet another tab', async () => {
    const { sockets, list, shown } = await open();
    sockets[0]?.onclose?.({ code: 4403 });
    await settled();
    expect([list.closed(), shown()]).toEqual([false, ['plan.pdf']]);
  });

  it('show what others share and shred', async () => {
    const { sockets, server, shown } = await open();
    server.names = ['plan.pdf', 'minutes.pdf'];
    sockets[0]?.say(1, 'file.available');
    await settled();
    expect(shown()).toEqual(['plan.pdf', 'minutes.pdf']);
  });
});
