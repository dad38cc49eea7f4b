import { ModuleMocker } from 'jest-mock';

/** Jest's environment without a context of its own: specs run where Node itself loads modules. */
export default class NativeEnvironment {
  global = globalThis;
  fakeTimers = null;
  fakeTimersModern = null;
  moduleMocker = new ModuleMocker(globalThis);
  // Jest puts its own console in place for the time of a file.
  #console = globalThis.console;

  async setup() {}

  async teardown() {
    globalThis.console = this.#console;
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['@conclave/source', 'node', 'node-addons'];
  }
}
