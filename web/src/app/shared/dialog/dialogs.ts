import { Dialog, type DialogConfig, type DialogRef } from '@angular/cdk/dialog';
import type { ComponentType } from '@angular/cdk/portal';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { titleOf } from './dialog-shell';
import { ConfirmDialog, type ConfirmQuestion } from './confirm-dialog';

/** Opens dialogs the same way everywhere: centred, focus kept inside, given back on closing. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);
  private lastId = 0;

  open<R, D, C>(component: ComponentType<C>, config: DialogConfig<D, DialogRef<R, C>> = {}): Promise<R | undefined> {
    const id = `cv-dialog-${++this.lastId}`;
    const ref = this.dialog.open<R, D, C>(component, {
      id,
      // Named by its heading, so that a screen reader says it on opening.
      ariaLabelledBy: titleOf(id),
      autoFocus: 'first-tabbable',
      restoreFocus: true,
      backdropClass: 'cv-scrim',
      panelClass: 'cv-dialog',
      ...config,
    });
    return firstValueFrom(ref.closed);
  }

  /** What they are about is over: whatever was asked is answered by no. */
  closeAll(): void {
    this.dialog.closeAll();
  }

  /** True only when the person said yes. */
  async confirm(question: ConfirmQuestion): Promise<boolean> {
    const answer = await this.open<boolean, ConfirmQuestion, ConfirmDialog>(ConfirmDialog, {
      data: question,
      role: 'alertdialog',
      panelClass: ['cv-dialog', 'narrow'],
    });
    return answer === true;
  }
}
