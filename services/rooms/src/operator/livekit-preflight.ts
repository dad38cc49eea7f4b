import { randomUUID } from 'node:crypto';
import { OperatorError, type PreflightCheck } from '@conclave/platform';
import type { TwirpError } from 'livekit-server-sdk';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import type { Config } from '../config.js';

type LiveKitConfig = Pick<
  Config,
  'LIVEKIT_URL' | 'LIVEKIT_API_KEY' | 'LIVEKIT_API_SECRET' | 'LIVEKIT_WEBHOOK_KEY' | 'LIVEKIT_WEBHOOK_SECRET'
>;

/** Whether the media server answers, takes both keys, and makes no room that nobody was admitted to. */
export const liveKitCheck = (config: LiveKitConfig): PreflightCheck => ({
  name: 'livekit',
  run: async (signal) => {
    await requireAnswer(config.LIVEKIT_URL, signal);
    await requireKey(config.LIVEKIT_URL, 'LIVEKIT_API_KEY', config.LIVEKIT_API_KEY, config.LIVEKIT_API_SECRET);
    await requireKey(
      config.LIVEKIT_URL,
      'LIVEKIT_WEBHOOK_KEY',
      config.LIVEKIT_WEBHOOK_KEY,
      config.LIVEKIT_WEBHOOK_SECRET,
    );
    await requireNoAutoCreate(config, signal);
    return 'answers, takes both keys, makes no room by itself';
  },
});

async function requireAnswer(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new OperatorError(`LiveKit at ${url} cannot be reached; check host, port, firewall and NetworkPolicy.`, {
      cause,
    });
  });
  await answer.body?.cancel();
  if (!answer.ok) {
    throw new OperatorError(
      `LiveKit at ${url} answers ${answer.status}: it is up and not well. With Redis, 406 means that its node stands still; look at LiveKit's log and at Redis.`,
    );
  }
}

async function requireKey(url: string, name: string, key: string, secret: string): Promise<void> {
  try {
    await new RoomServiceClient(url, key, secret, { requestTimeout: 5, failover: false }).listRooms(['preflight']);
  } catch (cause) {
    const { status, code } = cause as TwirpError;
    if (status === 401 || status === 403 || code === 'unauthenticated' || code === 'permission_denied') {
      throw new OperatorError(
        `LiveKit refuses ${name}: key and secret must stand in its keys.yaml, exactly as here, and both clocks must agree.`,
        { cause },
      );
    }
    throw new OperatorError(`LiveKit at ${url} did not answer a call with ${name} (${status ?? 'no answer'}).`, {
      cause,
    });
  }
}

/** A token for a room that is not there is good only where LiveKit would make the room. Validating makes nothing. */
async function requireNoAutoCreate(config: LiveKitConfig, signal: AbortSignal): Promise<void> {
  const token = new AccessToken(config.LIVEKIT_API_KEY, config.LIVEKIT_API_SECRET, { identity: 'preflight', ttl: 30 });
  token.addGrant({ roomJoin: true, room: `preflight-${randomUUID()}` });
  const url = new URL('/rtc/validate', config.LIVEKIT_URL);
  const answer = await fetch(url, { signal, headers: { authorization: `Bearer ${await token.toJwt()}` } });
  await answer.body?.cancel();
  if (answer.status === 200) {
    throw new OperatorError(
      'LiveKit makes any room that somebody asks for: set room.auto_create: false, or people meet where nobody admitted them.',
    );
  }
}
