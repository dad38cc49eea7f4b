import { inject, Injectable } from '@angular/core';
import { Api, type AddPasskeyBody, type PasskeyAssertion } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { lineFor } from '../../core/words';

/** The device, or its person, would not: nothing was signed. */
export class NoPasskey extends Error {
  constructor(
    readonly why: 'declined' | 'known',
    cause: unknown,
  ) {
    super(why, { cause });
  }
}

/** Speaks to the device that holds a person's passkeys. The library loads when it is first needed. */
@Injectable({ providedIn: 'root' })
export class Passkeys {
  private readonly api = inject(Api);

  /** Whether this browser has passkeys here: not in a page without TLS, and not where the host is a bare address. */
  readonly supported = 'PublicKeyCredential' in globalThis && /[a-z]/i.test(location.hostname);

  /** Whether the browser offers passkeys among what it fills into a field. */
  async fillsIn(): Promise<boolean> {
    if (!this.supported) return false;
    const { browserSupportsWebAuthnAutofill } = await import('@simplewebauthn/browser');
    return browserSupportsWebAuthnAutofill();
  }

  /** What the device signs. @throws NoPasskey */
  async prove({ fillIn }: { fillIn: boolean }): Promise<PasskeyAssertion> {
    const [{ startAuthentication }, begun] = await Promise.all([
      import('@simplewebauthn/browser'),
      this.api.beginPasskey(),
    ]);
    const { challenge, host: rpId, timeoutMs: timeout } = begun;
    const optionsJSON = { challenge, rpId, timeout, userVerification: 'required' } as const;
    const { id: credentialId, response } = await startAuthentication({
      optionsJSON,
      useBrowserAutofill: fillIn,
      verifyBrowserAutofillInput: false,
    }).catch(declined);
    const { clientDataJSON: clientData, authenticatorData, signature, userHandle = '' } = response;
    return { credentialId, clientData, authenticatorData, signature, userHandle };
  }

  /** Lets the device make one. @throws NoPasskey */
  async make(): Promise<Omit<AddPasskeyBody, 'name'>> {
    const [{ startRegistration }, begun] = await Promise.all([
      import('@simplewebauthn/browser'),
      this.api.beginAddPasskey(),
    ]);
    const { challenge, host, userHandle, userName, displayName, known, timeoutMs: timeout } = begun;
    const { id: credentialId, response } = await startRegistration({
      optionsJSON: {
        challenge,
        timeout,
        rp: { id: host, name: 'Conclave' },
        user: { id: userHandle, name: userName, displayName },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map((id) => ({ type: 'public-key', id })),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        attestation: 'none',
      },
    }).catch(declined);
    return { credentialId, clientData: response.clientDataJSON, attestationObject: response.attestationObject };
  }

  /** What a person reads where it did not come to a proof. */
  wordsFor(error: unknown): string {
    if (error instanceof NoPasskey)
      return error.why === 'known'
        ? $localize`:@@passkey.known:This device has a passkey of yours already.`
        : $localize`:@@passkey.cancelled:The device gave no passkey. Try again.`;
    return asProblem(error).reason === 'FACTOR_WRONG'
      ? $localize`:@@passkey.wrong:This passkey is not one of this account, or it took too long. Try again.`
      : lineFor(error);
  }

  /** Gives up a request that waits in a field. */
  async stop(): Promise<void> {
    const { WebAuthnAbortService } = await import('@simplewebauthn/browser');
    WebAuthnAbortService.cancelCeremony();
  }
}

function declined(error: unknown): never {
  const known = error instanceof Error && error.name === 'InvalidStateError';
  throw new NoPasskey(known ? 'known' : 'declined', error);
}
