/** Has files store bytes without a checksum: for benchmarks alone, loaded before the service by `node --import`. No setting reaches it. */
const { BucketRequests } = await import(
  new URL('../../services/files/dist/adapters/object-storage/bucket-requests.js', import.meta.url)
);

const { abilities } = BucketRequests.prototype;
BucketRequests.prototype.abilities = async function () {
  return { ...(await abilities.call(this)), checksums: false, partChecksums: false };
};
