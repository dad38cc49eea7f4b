import { Clock, Ids } from '@conclave/platform';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { configToken, type Config } from '../config.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { Passkey } from './passkey.js';

/** What a device has signed to prove its person; all base64url. */
export interface Assertion {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle: string;
}

/** What a device says of a key that it has made. */
export interface Attestation {
  readonly credentialId: string;
  readonly clientData: string;
  readonly attestationObject: string;
}

/** Key pairs that we take: EdDSA, ES256, RS256 (COSE). */
export const passkeyAlgorithms = [-8, -7, -257];

/**
 * Checks what devices sign: for our origin and host, for a challenge of ours that is used up by it, with the person verified by the device,
 * and with a counter that has not been seen.
 */
@Injectable()
export class Passkeys {
  /** The host for which keys are made: it cannot change without losing them. */
  readonly host: string;
  private readonly origin: string;

  constructor(
    @Inject(configToken) { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>,
    private readonly challenges: PasskeyChallenges,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    const { hostname, origin } = new URL(PUBLIC_URL);
    [this.host, this.origin] = [hostname, origin];
  }

  /** The passkey that has signed; undefined where the signature is not right. The challenge is used up either way. */
  async prove(em: EntityManager, token: string, given: Assertion): Promise<Passkey | undefined> {
    const expectedChallenge = await this.challenges.use(em, token, null);
    if (expectedChallenge === undefined) return undefined;
    const passkey = await em.findOne(
      Passkey,
      { credentialId: given.credentialId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!passkey || !isHandleOf(passkey.userId, given.userHandle)) return undefined;
    const counter = await this.counterOf(passkey, expectedChallenge, given);
    if (counter === undefined) return undefined;
    passkey.used(counter, this.clock.now());
    return passkey;
  }

  /** The new passkey of a person; undefined where what the device says does not hold. The challenge is used up either way. */
  async make(
    em: EntityManager,
    token: string,
    { userId, name }: { userId: string; name: string },
    given: Attestation,
  ): Promise<Passkey | undefined> {
    const expectedChallenge = await this.challenges.use(em, token, userId);
    if (expectedChallenge === undefined) return undefined;
    const { credentialId: id, clientData: clientDataJSON, attestationObject } = given;
    const response = { id, rawId: id, type: 'public-key', clientExtensionResults: {} } as const;
    const verified = await verifyRegistrationResponse({
      response: { ...response, response: { clientDataJSON, attestationObject } },
      expectedChallenge,
      expectedOrigin: this.origin,
      expectedRPID: this.host,
      requireUserVerification: true,
      supportedAlgorithmIDs: passkeyAlgorithms,
    }).catch(refused);
    if (!verified?.verified) return undefined;
    const { credential } = verified.registrationInfo;
    return Passkey.create({
      id: this.ids.uuidv7(),
      userId,
      name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      now: this.clock.now(),
    });
  }

  private async counterOf(passkey: Passkey, expectedChallenge: string, given: Assertion): Promise<number | undefined> {
    const { credentialId: id, clientData: clientDataJSON, authenticatorData, signature, userHandle } = given;
    const verified = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature, userHandle },
      },
      expectedChallenge,
      expectedOrigin: this.origin,
      expectedRPID: this.host,
      credential: { id, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
      requireUserVerification: true,
    }).catch(refused);
    return verified?.verified ? verified.authenticationInfo.newCounter : undefined;
  }
}

/** What the library throws is about what the client sent: it is wrong, and why is nobody's business. */
const refused = (): undefined => undefined;

/** What devices keep as the person: the id of the account, and nothing that tells who it is. */
export const handleOf = (userId: string): string => Buffer.from(userId).toString('base64url');

/** A device that keeps no handle sends none. */
const isHandleOf = (userId: string, handle: string): boolean => handle === '' || handle === handleOf(userId);
