/** What Redis needs to know. */
export interface RedisConfig {
  readonly port: number;
  readonly password: string;
  /** Its working folder; nothing in it is worth keeping longer than one run. */
  readonly folder: string;
}

/**
 * The server's configuration, as text. Redis, Valkey and the server that is built here read the same file. Nothing is
 * kept on disk: LiveKit's nodes say there who they are and which room is whose, and that is over when they end.
 */
export const redisConfig = ({ port, password, folder }: RedisConfig): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    `dir ${folder}`,
    'save ""',
    'appendonly no',
    'daemonize no',
    'maxclients 256',
    '',
  ].join('\n');
