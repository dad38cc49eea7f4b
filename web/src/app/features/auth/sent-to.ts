import type { Router } from '@angular/router';
import { isolated } from '../../core/format';

/** Where the message has gone, in words that are the same whether the address has an account or not. */
export function sentTo(router: Router): string {
  const email: unknown = router.currentNavigation()?.extras.state?.['email'];
  if (typeof email !== 'string') return $localize`:@@verify.lead:We have sent a message to your address.`;
  return $localize`:@@verify.leadTo:We have sent a message to ${isolated(email)}:EMAIL:.`;
}
