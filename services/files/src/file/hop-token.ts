import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { DomainError } from '@conclave/errors';
import { Clock } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

/** What a hop token lets its bearer do. */
export type HopAction = 'upload' | 'read';

/** Everything a hop token is bound to. */
export interface HopClaim {
  readonly action: HopAction;
  readonly fileId: string;
  readonly roomId: string;
  /** Empty when a service comes. */
  readonly userId: string;
  /** A service that belongs to the room, such as `recorder`; empty or left out for a person. */
  readonly service?: string;
  /** Empty when the person came with a personal token. */
  readonly sessionId: string;
  /** The credential behind the call: the session, or the personal token. */
  readonly credentialId: string;
  /** Of an upload: what it was when the token was given out, so that a token opens once and not after a later one. */
  readonly epoch?: number;
}

/** How long a token opens the data plane; a stream that has begun goes on by presence alone. */
export const hopTokenSeconds = 30;

const version = 'h1';
const longestToken = 1024;

/**
 * Carries a decision from the bus to the data plane of any replica: `h1.<claims>.<HMAC-SHA-256>`. The algorithm is fixed by
 * the version, so there is nothing for a forger to choose.
 */
@Injectable()
export class HopTokens {
  private readonly key: KeyObject;

  constructor(
    @Inject(configToken) config: Pick<Config, 'HOP_TOKEN_KEY'>,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(config.HOP_TOKEN_KEY);
  }

  issue(claim: HopClaim): string {
    const { action, fileId, roomId, userId, sessionId, service = '', credentialId, epoch = 0 } = claim;
    const expires = Math.floor(this.clock.now().getTime() / 1000) + hopTokenSeconds;
    const fields = [action, fileId, roomId, userId, sessionId, expires, service, credentialId, epoch];
    const body = Buffer.from(JSON.stringify(fields)).toString('base64url');
    return `${version}.${body}.${this.tag(body).toString('base64url')}`;
  }

  /** The claim of a genuine, unexpired token for this action and file; everything else is UNAUTHENTICATED alike. */
  verify(token: string, action: HopAction, fileId: string): HopClaim {
    const [head, body, tag, ...rest] = token.length > longestToken ? [] : token.split('.');
    if (head !== version || !body || !tag || rest.length > 0) throw refused('form');
    const given = Buffer.from(tag, 'base64url');
    const expected = this.tag(body);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused('signature');
    const fields = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as [
      HopAction,
      string,
      string,
      string,
      string,
      number,
      string?,
      string?,
      number?,
    ];
    if (fields[5] * 1000 <= this.clock.now().getTime()) throw refused('expired');
    if (fields[0] !== action || fields[1] !== fileId) throw refused('another action or file');
    const [, , roomId, userId, sessionId, , service = '', credentialId = sessionId, epoch = 0] = fields;
    return { action, fileId, roomId, userId, sessionId, service, credentialId, ...(action === 'upload' && { epoch }) };
  }

  private tag(body: string): Buffer {
    return createHmac('sha256', this.key).update(`${version}.${body}`).digest();
  }
}

const refused = (fact: string): DomainError =>
  new DomainError('UNAUTHENTICATED', { message: `hop token refused: ${fact}` });
