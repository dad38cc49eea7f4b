import type { ApiProblem } from '../../core/api/problem';
import type { Account as Me } from '../../core/api/api';
import { wordsFor } from '../../core/words';
import type { IconName } from '../../shared/icon/icons';
import { isolated } from '../../core/format';

/** How a refusal at the door looks. */
export interface RefusalView {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly retry: boolean;
}

export function refusalView(problem: ApiProblem, me: Me | null): RefusalView {
  const words = wordsFor(problem);
  switch (problem.reason) {
    case 'NOT_INVITED':
      return {
        ...words,
        icon: 'lock',
        retry: true,
        text: me
          ? $localize`:@@door.notInvitedAs:${words.text}:TEXT: You are signed in as ${isolated(me.email)}:EMAIL:.`
          : words.text,
      };
    case 'REMOVED_FROM_ROOM':
      return { ...words, icon: 'user-minus', retry: false };
    case 'ROOM_FULL':
      return { ...words, icon: 'users', retry: true };
    default:
      return { ...words, icon: 'door-open', retry: false };
  }
}
