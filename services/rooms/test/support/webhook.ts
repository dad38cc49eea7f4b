import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Stage } from './stage.js';

/** How a delivery differs from LiveKit's own. */
export interface Delivery {
  readonly key?: string;
  readonly secret?: string;
  readonly body?: string;
  readonly authorization?: string | null;
  readonly expired?: boolean;
}

/** Delivers a webhook as LiveKit does; the status of the answer. */
export async function deliverWebhook(
  stage: Pick<Stage, 'livekit' | 'config'>,
  event: object,
  changes: Delivery = {},
): Promise<number> {
  const body = JSON.stringify(event);
  const now = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ sha256: createHash('sha256').update(body).digest('base64') })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(changes.key ?? stage.livekit.webhookKey)
    .setNotBefore(now - 600)
    .setExpirationTime(changes.expired ? now - 300 : now + 300)
    .sign(new TextEncoder().encode(changes.secret ?? stage.livekit.webhookSecret));
  const authorization = changes.authorization === undefined ? token : changes.authorization;
  const response = await fetch(`http://127.0.0.1:${stage.config.WEBHOOK_PORT}/livekit`, {
    method: 'POST',
    headers: { 'content-type': 'application/webhook+json', ...(authorization && { authorization }) },
    body: changes.body ?? body,
  });
  await response.arrayBuffer();
  return response.status;
}
