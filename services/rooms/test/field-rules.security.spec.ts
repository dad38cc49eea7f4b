import type { DescMethod } from '@conclave/contracts';
import { rawCalls, type Init, type RawCall } from '@conclave/testing';
import { fieldRulesHold } from '@conclave/testing/field-rules';
import { beforeAll } from '@jest/globals';
import { methods } from './support/requests.js';
import { openStage, type Stage } from './support/stage.js';

let stage: Stage;
let call: RawCall;
let room: Init;
beforeAll(async () => {
  stage = await openStage();
  const owner = stage.person();
  const slug = (await owner.rooms.createRoom({ name: 'Steady' })).room?.slug;
  room = { slug, roomSlug: slug, userId: owner.userId };
  call = rawCalls(stage.nats, () => owner.token);
}, 180_000);

/** The real room, but where the method ends it. */
const facts = ({ name, input }: DescMethod): Init =>
  Object.fromEntries(
    Object.entries(room).filter(
      ([key]) => name !== 'DeleteRoom' && input.fields.some((field) => field.localName === key),
    ),
  );

fieldRulesHold({ methods, facts, atLeast: 45, call: () => call, logLines: () => stage.logLines().split('\n') });
