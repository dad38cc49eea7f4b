// What the contract says of its parts in words. protoc-gen-es keeps none of it, and the API's document is made of it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** Numbers of fields in descriptor.proto, by what they hold. */
const inFile = { 4: 'messageType', 5: 'enumType', 6: 'service' };
const inMessage = { 2: 'field', 3: 'nestedType', 4: 'enumType', 8: 'oneofDecl' };
const inEnum = { 2: 'value' };
const inService = { 2: 'method' };
const below = { messageType: inMessage, nestedType: inMessage, enumType: inEnum, service: inService };

/** The full name of what a path of numbers leads to; undefined where it is no part with a name. */
function nameAt(file, path) {
  let place = file;
  let kinds = inFile;
  let name = file.package;
  for (let i = 0; i < path.length; i += 2) {
    const kind = kinds?.[path[i]];
    if (!kind || path[i + 1] === undefined) return undefined;
    place = place[kind][path[i + 1]];
    name += `.${place.name}`;
    kinds = below[kind];
  }
  return path.length === 0 ? undefined : name;
}

/** Writes the comments of every part of ours, by its full name. */
export function writeComments(target) {
  const { status, stdout } = spawnSync('buf', ['build', '--as-file-descriptor-set', '-o', '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) return status ?? 1;
  const { file: files } = fromBinary(FileDescriptorSetSchema, stdout);
  const lines = files
    .filter((file) => file.package.startsWith('conclave.'))
    .flatMap((file) =>
      (file.sourceCodeInfo?.location ?? []).flatMap(({ path, leadingComments }) => {
        const name = leadingComments === undefined ? undefined : nameAt(file, path);
        const words = leadingComments
          ?.trim()
          .split(/\s*\n\s*/)
          .join(' ');
        return name && words ? [[name, words]] : [];
      }),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, words]) => `  ${JSON.stringify(name)}: ${JSON.stringify(words)},`);
  const text = [
    '// Generated from proto/ by tools/generate.mjs. Do not edit.',
    '/* eslint-disable */',
    '',
    '/** What the contract says of its parts, by full name: `conclave.rooms.v1.Room.slug`. */',
    'export const comments: Readonly<Record<string, string>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
  writeFileSync(target, text);
  return 0;
}
