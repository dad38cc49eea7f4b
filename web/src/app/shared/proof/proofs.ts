import { inject, Injectable } from '@angular/core';
import { asProblem } from '../../core/api/problem';
import { Dialogs } from '../dialog/dialogs';
import { ProveDialog, type ProofQuestion } from './prove-dialog';

/** What a session alone may not do, and the proof that it takes. */
@Injectable({ providedIn: 'root' })
export class Proofs {
  private readonly dialogs = inject(Dialogs);

  /** Does it; where the last proof was too long ago, asks for one and does it then. Undefined where the person would rather not. */
  async with<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      const problem = asProblem(error);
      if (problem.reason !== 'PROOF_REQUIRED') throw error;
      const data: ProofQuestion = { by: (problem.details['by'] ?? '').split(' ') };
      const proven = await this.dialogs.open<boolean, ProofQuestion, ProveDialog>(ProveDialog, {
        data,
        panelClass: ['cv-dialog', 'narrow'],
      });
      return proven ? act() : undefined;
    }
  }
}
