import type { RoomRole } from '../../core/api/api';
import type { IconName } from '../../shared/icon/icons';
import { isolated } from '../../core/format';

/** What the menu makes of somebody who has a role, in words. */
interface RoleTurn {
  readonly role: RoomRole;
  readonly icon: IconName;
  readonly action: string;
  readonly done: (name: string) => string;
  /** Asked first, where there is something to think about. */
  readonly question?: (name: string) => { title: string; text: string; action: string };
}

const makeCoHost = $localize`:@@people.makeCoHost:Make co-host`;

const toCoHost: RoleTurn = {
  role: 'moderator',
  icon: 'shield-check',
  action: makeCoHost,
  done: (name) => $localize`:@@people.coHostToast:${isolated(name)}:NAME: is a co-host now.`,
  question: (name) => ({
    title: $localize`:@@people.coHostTitle:Make ${isolated(name)}:NAME: a co-host?`,
    text: $localize`:@@people.coHostText:Co-hosts can mute and remove people, invite others, delete files and end the meeting. You can take it back at any time.`,
    action: makeCoHost,
  }),
};

const toParticipant: RoleTurn = {
  role: 'participant',
  icon: 'shield-minus',
  action: $localize`:@@people.makeParticipant:Make participant`,
  done: (name) => $localize`:@@people.participantToast:${isolated(name)}:NAME: is a participant again.`,
};

/** By what somebody is now. Whether it is offered says the API: never for the owner, who stays one. */
export const TURNS: Readonly<Record<RoomRole, RoleTurn>> = {
  owner: toParticipant,
  moderator: toParticipant,
  participant: toCoHost,
};
