import { liveKitConfig } from './config.js';

interface Config {
  bind_addresses: string[];
  keys?: unknown;
  room: { auto_create: boolean };
  rtc: {
    node_ip: string;
    tcp_port: number;
    stun_servers: string[];
    use_external_ip: boolean;
    interfaces: { includes: string[] };
  };
  webhook?: { api_key: string; urls: string[] };
}

const parse = (nodeIp = '127.0.0.1'): Config =>
  JSON.parse(
    liveKitConfig(
      {
        port: 1,
        tcpPort: 2,
        udpPort: 3,
        nodeIp,
        keyFile: '/keys',
        webhook: { key: 'hooks', url: 'http://127.0.0.1:4/' },
      },
      'lo',
    ),
  ) as Config;

describe('the configuration of the media server', () => {
  it('makes no room that was not admitted to', () => expect(parse().room.auto_create).toBe(false));

  it('names a STUN server of ours, for none would mean somebody else’s', () => {
    expect(parse().rtc.stun_servers).toEqual(['127.0.0.1:9']);
    expect(parse('192.168.0.9').rtc.stun_servers).toEqual(['192.168.0.9:9']);
    expect(parse().rtc.use_external_ip).toBe(false);
  });

  it('keeps signalling on loopback, also where media goes to the local network', () =>
    expect(parse('192.168.0.9').bind_addresses).toEqual(['127.0.0.1']));

  it('opens a port for media over TCP only where a network needs it', () => {
    expect(parse().rtc.tcp_port).toBe(0);
    expect(parse('192.168.0.9').rtc.tcp_port).toBe(2);
  });

  it('holds no secret', () => expect(parse().keys).toBeUndefined());

  it('signs webhooks with their own key', () =>
    expect(parse().webhook).toEqual({ api_key: 'hooks', urls: ['http://127.0.0.1:4/'] }));
});
