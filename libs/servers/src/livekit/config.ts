import { networkInterfaces } from 'node:os';

/** An API key and its secret. */
export interface LiveKitKey {
  readonly key: string;
  readonly secret: string;
}

/** What LiveKit needs to know. */
export interface LiveKitConfig {
  readonly port: number;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Where it tells its figures to Prometheus; nowhere where it is left out. */
  readonly metricsPort?: number;
  /** The address that media goes to: loopback, or this machine's on the local network. */
  readonly nodeIp: string;
  readonly keyFile: string;
  readonly webhook?: { readonly key: string; readonly url: string };
  /** Where several nodes find each other; its password comes through the environment. */
  readonly redisAddress?: string;
}

/** Name of the interface that holds an address; LiveKit must offer no other. */
export function interfaceOf(address: string): string {
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    if (entries?.some((entry) => entry.address === address)) return name;
  }
  throw new Error(`no network interface of this machine has the address ${address}`);
}

/** The server's configuration, as text: YAML is a superset of JSON. */
export function liveKitConfig(config: LiveKitConfig, interfaceName = interfaceOf(config.nodeIp)): string {
  return JSON.stringify(
    {
      port: config.port,
      bind_addresses: ['127.0.0.1'],
      key_file: config.keyFile,
      rtc: {
        node_ip: config.nodeIp,
        use_external_ip: false,
        enable_loopback_candidate: config.nodeIp === '127.0.0.1',
        interfaces: { includes: [interfaceName] },
        // LiveKit opens its port for media over TCP on every address, and it helps across networks only: not on loopback.
        tcp_port: config.nodeIp === '127.0.0.1' ? 0 : config.tcpPort,
        udp_port: config.udpPort,
        // An empty list makes LiveKit hand Google's servers to every browser, and its own media port would make a browser
        // take the server's answers for STUN and drop them. Nobody here needs STUN: the discard port of this machine is
        // silent, and no address ever leaves.
        stun_servers: [`${config.nodeIp}:9`],
      },
      // A room exists only after the one admission decision has made it.
      room: {
        auto_create: false,
        max_participants: 200,
        empty_timeout: 300,
        departure_timeout: 20,
        max_metadata_size: 4_096,
        max_room_name_length: 64,
        max_participant_identity_length: 64,
      },
      limit: {
        max_metadata_size: 4_096,
        max_attributes_size: 4_096,
        max_room_name_length: 64,
        max_participant_identity_length: 64,
        max_participant_name_length: 256,
      },
      ...(config.metricsPort ? { prometheus: { port: config.metricsPort } } : {}),
      ...(config.redisAddress
        ? {
            redis: { address: config.redisAddress },
            // Who is there is asked of the node that holds the room. Redis would go on naming people whose node has died.
            api: { enable_psrpc_for_get_list_participants: true },
          }
        : {}),
      ...(config.webhook ? { webhook: { api_key: config.webhook.key, urls: [config.webhook.url] } } : {}),
      logging: { json: true, level: 'info', pion_level: 'error' },
    },
    null,
    2,
  );
}
