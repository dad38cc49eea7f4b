import type { Door } from '../../core/api/types';

/** Why this person may enter, and whether that is proven. */
export function standingWords(door: Door, name: string): { readonly text: string; readonly proven: boolean } {
  switch (door.standing) {
    case 'owner':
      return { text: `This is your room. You are its host, as ${name}.`, proven: true };
    case 'invited':
      return { text: invited(name), proven: true };
    case 'member':
      // Where the door asks for an invitation, a member is somebody who has accepted one.
      return door.accessLevel === 'invited' || door.accessLevel === 'invited_and_code'
        ? { text: invited(name), proven: true }
        : { text: `You are known here as ${name}.`, proven: true };
    case 'open':
      return door.accessLevel === 'organisation'
        ? { text: `Everyone with an account here may enter. You enter as ${name}.`, proven: false }
        : { text: `You enter as ${name}, with the access code.`, proven: false };
    case 'refused':
      return { text: `You are signed in as ${name}.`, proven: false };
  }
}

const invited = (name: string): string => `You are invited as ${name}. Nobody else can use your invitation.`;
