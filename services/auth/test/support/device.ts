import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What a device might say otherwise than it should. */
export interface Odd {
  readonly origin?: string;
  readonly host?: string;
  readonly type?: string;
  readonly verified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly key?: KeyObject;
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** A device that holds one passkey, as WebAuthn (level 2) says: ES256, attestation "none". */
export class Device {
  readonly credentialId = randomBytes(16).toString('base64url');
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private counter = 0;
  private handle = '';

  constructor(
    private readonly origin: string,
    private readonly host = new URL(origin).hostname,
  ) {}

  /** Makes its key. */
  make({ challenge, userHandle }: { challenge: string; userHandle: string }, odd: Odd = {}) {
    this.handle = userHandle;
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const id = Buffer.from(this.credentialId, 'base64url');
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const data = Buffer.concat([this.head(odd, 0x40), Buffer.alloc(16), length, id, cose]);
    // {"fmt": "none", "attStmt": {}, "authData": …}
    const size = Buffer.from([0x58, data.length]);
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
      size,
      data,
    ]);
    return {
      credentialId: this.credentialId,
      clientData: this.clientData('webauthn.create', challenge, odd).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
    };
  }

  /** Signs. */
  prove({ challenge }: { challenge: string }, odd: Odd = {}) {
    const data = this.head(odd, 0);
    const client = this.clientData('webauthn.get', challenge, odd);
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), odd.key ?? this.keys.privateKey);
    return {
      credentialId: this.credentialId,
      clientData: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: odd.userHandle ?? this.handle,
    };
  }

  private clientData(type: string, challenge: string, odd: Odd): Buffer {
    const said = { type: odd.type ?? type, challenge, origin: odd.origin ?? this.origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(said));
  }

  private head(odd: Odd, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(odd.counter ?? ++this.counter);
    const present = 0x01 | (odd.verified === false ? 0 : 0x04) | flags;
    return Buffer.concat([sha256(odd.host ?? this.host), Buffer.from([present]), counter]);
  }
}
