import { services, type DescMethod } from '@conclave/contracts';
import { rawCalls, type Init, type RawCall } from '@conclave/testing';
import { fieldRulesHold } from '@conclave/testing/field-rules';
import { freshAddress, runAuth, signUp, type RunningAuth } from './support/running-auth.js';

const methods = services.auth.flatMap((service) => service.methods);

let running: RunningAuth;
let call: RawCall;
beforeAll(async () => {
  running = await runAuth();
  let [person, since] = [await signUp(running), Date.now()];
  // Their token lives for a minute, and some of the calls end their session: on a slow machine somebody new goes on.
  call = rawCalls(running.nats, async () => {
    if (Date.now() - since > 30_000) [person, since] = [await signUp(running), Date.now()];
    return person.as.principal;
  });
}, 120_000);

/** An address of its own for each field, so that no throttle of sign-in and sign-up answers first. */
const facts = ({ input }: DescMethod): Init =>
  input.fields.some(({ localName }) => localName === 'clientAddress') ? { clientAddress: freshAddress() } : {};

fieldRulesHold({ methods, facts, atLeast: 15, call: () => call, logLines: () => running.logLines().split('\n') });
