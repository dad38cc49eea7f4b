import { inject } from '@angular/core';
import { Namesakes } from '../../shared/person/namesakes';
import { RoomFiles } from '../files';
import { ChatStore } from './chat-store';
import { MeetingRoom } from './meeting-room';
import { Rights } from './rights';

/** Of everybody whose name stands anywhere in a meeting, so that a number means the same person in tiles, lists, chat and files. */
export function whoIsWho(): Namesakes {
  const [room, rights, chat, files] = [inject(MeetingRoom), inject(Rights), inject(ChatStore), inject(RoomFiles)];
  return new Namesakes(() =>
    [
      ...room.participants().map(({ userId, name }) => ({ id: userId, name })),
      ...rights.arriving().map(({ userId, displayName }) => ({ id: userId, name: displayName })),
      ...(chat.messages() ?? []).map(({ author }) => ({ id: author.id, name: author.displayName })),
      ...files.owners(),
    ].filter(({ id }) => id !== ''),
  );
}
