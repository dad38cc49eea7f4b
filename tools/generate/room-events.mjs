// The web app's words for the events of a room, from the descriptors of the contract.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const target = 'web/src/app/core/events/gen/room-events.ts';
const source = 'conclave/rooms/v1/room_events.proto';
const kinds = { TYPE_STRING: 'string', TYPE_BOOL: 'boolean', TYPE_UINT32: 'number', TYPE_INT32: 'number' };

function descriptors() {
  const built = spawnSync('buf', ['build', '-o', '-#format=json'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (built.status !== 0) throw new Error(built.stderr);
  return JSON.parse(built.stdout).file.find(({ name }) => name === source);
}

/** Comments by path of the descriptor: messages are 4, their fields 2. */
function comments({ sourceCodeInfo }) {
  const byPath = new Map(
    sourceCodeInfo.location.map(({ path, leadingComments }) => [(path ?? []).join('.'), leadingComments]),
  );
  return (...path) => (byPath.get(path.join('.')) ?? '').trim();
}

function text(file) {
  const says = comments(file);
  const at = file.messageType.findIndex(({ name }) => name === 'RoomEvent');
  const event = file.messageType[at];
  const interfaces = [];
  const facts = [];
  for (const [i, { name, oneofIndex, typeName }] of event.field.entries()) {
    if (oneofIndex === undefined) continue;
    const type = name.replace('_', '.');
    const message = file.messageType.find((one) => typeName.endsWith(`.${one.name}`));
    const fields = (message.field ?? []).map((field) => {
      const kind = kinds[field.type];
      if (!kind) throw new Error(`${message.name}.${field.name}: a fact is a text, a number or yes or no`);
      return [field.jsonName, kind];
    });
    const shape = fields.map(([field, kind]) => `readonly ${field}: ${kind}`).join('; ');
    interfaces.push(`  /** ${says(4, at, 2, i)} */\n  '${type}': ${shape ? `{ ${shape} }` : 'object'};`);
    facts.push(`  '${type}': { ${fields.map(([field, kind]) => `${field}: '${kind}'`).join(', ')} },`);
  }
  return [
    `// Made by tools/generate.mjs from proto/${source}: change it there.`,
    '',
    '/** What a room tells. Facts are ids and names that everyone inside sees; text and file names never travel in an event. */',
    `export interface RoomEvents {\n${interfaces.join('\n')}\n}`,
    '',
    '/** The facts of each, and what they are. */',
    `export const roomEventFacts = {\n${facts.join('\n')}\n} as const satisfies Record<keyof RoomEvents, Record<string, 'string' | 'number' | 'boolean'>>;`,
    '',
  ].join('\n');
}

/** Writes the file; with `check` it only says whether the committed one differs. */
export async function generateRoomEvents({ check }) {
  const wanted = await format(text(descriptors()), { ...(await resolveConfig(target)), filepath: target });
  if (!check) writeFileSync(target, wanted);
  return !check || readFileSync(target, 'utf8') === wanted;
}
