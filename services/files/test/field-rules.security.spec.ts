import { services, type DescMethod } from '@conclave/contracts';
import { rawCalls, type Init, type RawCall } from '@conclave/testing';
import { fieldRulesHold } from '@conclave/testing/field-rules';
import { filesWorld, type FilesWorld } from './support/files-world.js';

const methods = services.files.flatMap((service) => service.methods);

let world: FilesWorld;
let call: RawCall;
let slug: string;
beforeAll(async () => {
  world = await filesWorld();
  const room = world.rooms.room();
  ({ slug } = room);
  const owner = world.inside(room, 'owner');
  call = rawCalls(world.nats, () => owner.token);
}, 180_000);

/** The room that the caller is in. */
const facts = ({ input }: DescMethod): Init =>
  input.fields.some(({ localName }) => localName === 'slug') ? { slug } : {};

fieldRulesHold({ methods, facts, atLeast: 12, call: () => call, logLines: () => world.log });
