/** Where a person signs in from, as far as the gateway can tell. */
export interface Device {
  /** The browser, for the list of sessions; at most 256 characters, no control characters. May be empty. */
  readonly userAgent: string;
  /** IP address in its plain form; empty where the gateway saw none. */
  readonly address: string;
  /** What the browser holds from its last sign-in; empty where it holds nothing. */
  readonly token: string;
}

/** Reads what the gateway saw. */
export function readDevice(seen: { userAgent: string; clientAddress: string; deviceToken: string }): Device {
  const { userAgent, clientAddress, deviceToken: token } = seen;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(clientAddress)?.[1];
  const address = mapped ?? clientAddress.toLowerCase();
  return { userAgent: userAgent.replace(/[\p{C}\p{Z}]+/gu, ' ').trim(), address, token };
}
