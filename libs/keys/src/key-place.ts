/** Which row a wrapped key lies in, by what it is for; `purpose` is the table's name. */
export type KeyPlace =
  | { readonly purpose: 'room_key' | 'message_key'; readonly roomId: string }
  | { readonly purpose: 'file_key'; readonly roomId: string; readonly fileId: string };

/** How a key was wrapped; column `binding` of its row. */
export const Binding = {
  /** Under its parent itself, as releases before wrapped: it would unwrap in any row under the same parent. */
  none: 0,
  /** For its place alone. */
  place: 1,
} as const;
export type Binding = (typeof Binding)[keyof typeof Binding];

const LABEL = 'svc-wrap/1';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The place as bytes, no two places the same: `"svc-wrap/1\0" || purpose || "\0" || roomId(16) || fileId(16)?`. A purpose
 * holds no zero byte and always comes with the same ids, so nothing can be read in two ways.
 */
export function placeBytes(place: KeyPlace): Buffer {
  const ids = place.purpose === 'file_key' ? [place.roomId, place.fileId] : [place.roomId];
  return Buffer.concat([Buffer.from(`${LABEL}\0${place.purpose}\0`), ...ids.map(uuidBytes)]);
}

function uuidBytes(id: string): Buffer {
  if (!UUID.test(id)) throw new TypeError('a key lies in a row that a UUID names');
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
