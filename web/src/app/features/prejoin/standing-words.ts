import type { Door } from '../../core/api/api';
import { isolated } from '../../core/format';

/** Why this person may enter, and whether that is proven. */
export function standingWords(door: Door, name: string): { readonly text: string; readonly proven: boolean } {
  switch (door.standing) {
    case 'owner':
      return {
        text: $localize`:@@door.standingOwner:This is your room. You are its host, as ${isolated(name)}:NAME:.`,
        proven: true,
      };
    case 'invited':
      return { text: invited(name), proven: true };
    case 'member':
      // Where the door asks for an invitation, a member is somebody who has accepted one.
      return door.accessLevel === 'invited' || door.accessLevel === 'invited_and_code'
        ? { text: invited(name), proven: true }
        : { text: $localize`:@@door.standingMember:You are known here as ${isolated(name)}:NAME:.`, proven: false };
    case 'open':
      return door.accessLevel === 'organisation'
        ? {
            text: $localize`:@@door.standingOrganisation:Everyone with an account here may enter. You enter as ${isolated(name)}:NAME:.`,
            proven: false,
          }
        : {
            text: $localize`:@@door.standingCode:You enter as ${isolated(name)}:NAME:, with the access code.`,
            proven: false,
          };
    case 'refused':
      return { text: $localize`:@@door.standingRefused:You are signed in as ${isolated(name)}:NAME:.`, proven: false };
  }
}

const invited = (name: string): string =>
  $localize`:@@door.standingInvited:You are invited as ${isolated(name)}:NAME:. Nobody else can use your invitation.`;
