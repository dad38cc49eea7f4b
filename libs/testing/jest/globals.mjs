// What `@jest/globals` is to a spec file: the functions of the run that reads it. Modules are never replaced, and time is
// never faked, so of `jest` there are only functions that remember their calls.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = globalThis.__jestGlobals;
const { mock } = globalThis.__jestGlobals;
export const jest = { fn: mock.fn.bind(mock), spyOn: mock.spyOn.bind(mock) };
