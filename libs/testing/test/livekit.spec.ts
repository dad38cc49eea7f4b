import { createServer } from 'node:http';
import { freePort, randomName, testLiveKit } from '@conclave/testing';
import { AccessToken, RoomServiceClient, WebhookReceiver } from 'livekit-server-sdk';

/** Asks the media server whether it would let this token in. */
async function validate(url: string, token: string): Promise<number> {
  return (await fetch(`${url}/rtc/validate?access_token=${token}`)).status;
}

describe('a test media server', () => {
  it('makes rooms, admits to them, and does not know any other room', async () => {
    const livekit = await testLiveKit();
    const rooms = new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret);
    const room = randomName();
    await rooms.createRoom({ name: room });
    expect((await rooms.listRooms([room])).map(({ name }) => name)).toEqual([room]);
    const tokenFor = async (name: string): Promise<string> => {
      const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: 'a', ttl: 60 });
      token.addGrant({ roomJoin: true, room: name });
      return token.toJwt();
    };
    expect(await validate(livekit.url, await tokenFor(room))).toBe(200);
    expect(await validate(livekit.url, await tokenFor(randomName()))).toBe(404);
    await rooms.deleteRoom(room);
  }, 60_000);

  it('refuses a foreign secret', async () => {
    const livekit = await testLiveKit();
    const stranger = new RoomServiceClient(livekit.url, livekit.apiKey, 'x'.repeat(43));
    await expect(stranger.listRooms()).rejects.toThrow();
  }, 60_000);

  it('signs its webhooks with the key that is only for them', async () => {
    const port = await freePort();
    const heard = new Promise<{ body: string; authorization: string }>((resolve) => {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.end();
          server.close();
          resolve({ body, authorization: request.headers.authorization ?? '' });
        });
      }).listen(port, '127.0.0.1');
    });
    const livekit = await testLiveKit({ webhookUrl: `http://127.0.0.1:${port}/` });
    await new RoomServiceClient(livekit.url, livekit.apiKey, livekit.apiSecret).createRoom({ name: 'heard' });
    const { body, authorization } = await heard;
    const receiver = new WebhookReceiver(livekit.webhookKey, livekit.webhookSecret);
    expect((await receiver.receive(body, authorization)).event).toBe('room_started');
    const wrong = new WebhookReceiver(livekit.apiKey, livekit.apiSecret);
    await expect(wrong.receive(body, authorization)).rejects.toThrow();
    await livekit.stop();
  }, 60_000);
});
