/** Number of shards that room events are spread over, so that a gateway hears only rooms it serves. */
export const roomShards = 256;

/** FNV-1a over the id, so that every process finds the same shard. */
function shardOf(roomId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < roomId.length; i++) hash = Math.imul(hash ^ roomId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % roomShards;
}

/** Subjects that carry no request: wake-ups and broadcasts. They are hints; the truth is always read from its owner. */
export const broadcasts = {
  /** Empty; says that the service's outbox has something new. */
  outbox: (service: string): string => `conclave.${service}.outbox`,
  /** `rooms.RoomEvent`, from rooms to gateways. */
  room: (roomId: string): string => `conclave.room.${shardOf(roomId)}.${roomId}`,
  /** Frames of the live socket with their sender, from a gateway to the others. No log: who is not there does not get them. */
  live: (roomId: string): string => `conclave.live.${shardOf(roomId)}.${roomId}`,
  /** `common.PresenceRevoked`, from rooms. */
  presenceRevoked: 'conclave.presence.revoked',
  /** `common.SessionRevoked`, from auth: of sessions and of other credentials. */
  credentialRevoked: 'conclave.session.revoked',
  /** `common.AccountChanged`, from auth: what is vouched for about a person is no longer what it was. */
  accountChanged: 'conclave.account.changed',
  /** `common.RoomDeleted`, from rooms to its replicas: the key of a room's texts is gone, whoever remembers it forgets it. */
  roomShredded: 'conclave.rooms.shredded',
} as const;

/** Who may send and hear each broadcast; the bus's allow-lists are made from it. */
export const broadcastTable: readonly {
  subject: string;
  publishers: readonly string[];
  subscribers: readonly string[];
}[] = [
  { subject: broadcasts.outbox('auth'), publishers: ['auth'], subscribers: ['rooms'] },
  { subject: broadcasts.outbox('rooms'), publishers: ['rooms'], subscribers: ['files'] },
  { subject: broadcasts.outbox('files'), publishers: ['files'], subscribers: ['rooms'] },
  { subject: 'conclave.room.*.*', publishers: ['rooms'], subscribers: ['gateway'] },
  { subject: 'conclave.live.*.*', publishers: ['gateway'], subscribers: ['gateway'] },
  { subject: broadcasts.presenceRevoked, publishers: ['rooms'], subscribers: ['rooms', 'files', 'gateway'] },
  { subject: broadcasts.credentialRevoked, publishers: ['auth'], subscribers: ['rooms', 'gateway'] },
  { subject: broadcasts.accountChanged, publishers: ['auth'], subscribers: ['gateway'] },
  { subject: broadcasts.roomShredded, publishers: ['rooms'], subscribers: ['rooms'] },
];

/** The row that a subject belongs to, for labels: no id in it. */
export function broadcastPattern(subject: string): string {
  const tokens = subject.split('.');
  const fits = (pattern: string): boolean => {
    const parts = pattern.split('.');
    return parts.length === tokens.length && parts.every((part, i) => part === '*' || part === tokens[i]);
  };
  return broadcastTable.find((row) => fits(row.subject))?.subject ?? 'other';
}
