/** The peer of F9: WebCrypto's calls on pieces of a segment's size, with no format, no checks and no messages around them. */
addEventListener('message', async ({ data: { hash, bytes, segment, width } }) => {
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const mac = await crypto.subtle.importKey('raw', random(32), { name: 'HMAC', hash }, false, ['sign']);
  const encryption = await crypto.subtle.importKey('raw', random(32), 'AES-CBC', false, ['encrypt']);
  const plaintext = random(segment);
  let left = bytes / segment;
  const stream = async () => {
    while (left-- > 0) {
      const encrypted = await crypto.subtle.encrypt({ name: 'AES-CBC', iv: random(16) }, encryption, plaintext);
      await crypto.subtle.sign('HMAC', mac, encrypted);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: width }, stream));
  postMessage(bytes / 1e6 / ((performance.now() - started) / 1_000));
});
