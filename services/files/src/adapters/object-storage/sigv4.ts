import aws4 from 'aws4';

/** Who signs, and for where. */
export interface SigningIdentity {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  /** Of keys that were lent for a while (STS); sent and signed. */
  readonly sessionToken?: string | undefined;
}

/** What is signed. `path` is already percent-encoded. */
export interface SignableRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Further headers that the store must see unchanged, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * AWS Signature Version 4: the headers to send, the signed ones included. The payload is not signed: the body is ciphertext under
 * a MAC of our own, so hashing it once more for the store would only cost processor time (0.6 against 3.8 CPU seconds per GiB).
 */
export function signedHeaders(request: SignableRequest, identity: SigningIdentity, now: Date): Record<string, string> {
  const search = canonicalQuery(request.query);
  const signable: aws4.Request & { extraHeadersToInclude: Record<string, boolean> } = {
    method: request.method,
    service: 's3',
    region: identity.region,
    path: search ? `${request.path}?${search}` : request.path,
    headers: {
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      ...request.headers,
      host: request.host,
      'x-amz-date': now.toISOString().replace(/[-:]|\.\d{3}/g, ''),
    },
    // Left out of the signature otherwise: which bytes are asked for is what the store must see unchanged.
    extraHeadersToInclude: { range: true },
  };
  const { accessKey: accessKeyId, secretKey: secretAccessKey, sessionToken } = identity;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const { headers } = aws4.sign(signable, credentials);
  const { Authorization: authorization, ...others } = headers as Record<string, string>;
  return { ...others, authorization: authorization ?? '' };
}

/** RFC 3986, stricter than encodeURIComponent, as the signature demands. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The query in the order that is signed and sent. */
export const canonicalQuery = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map((name) => `${percentEncode(name)}=${percentEncode(query[name] ?? '')}`)
    .join('&');
