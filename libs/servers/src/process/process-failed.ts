/** A process that did not become ready; its last words are for whoever looks into it, not for the screen. */
export class ProcessFailed extends Error {
  constructor(
    readonly processName: string,
    readonly how: string,
    readonly lastWords: string,
  ) {
    super(`${processName} ${how}:\n${lastWords}`);
    this.name = 'ProcessFailed';
  }
}
