/** Has files store bytes without a checksum: for benchmarks alone, loaded before the service by `node --import`. No setting reaches it. */
const { S3ObjectStorage } = await import(
  new URL('../../services/files/dist/adapters/object-storage/s3-object-storage.js', import.meta.url)
);

const { abilities } = S3ObjectStorage.prototype;
S3ObjectStorage.prototype.abilities = async function () {
  return { ...(await abilities.call(this)), checksums: false, partChecksums: false };
};
