import { s3Region } from '@conclave/servers';
import { ask } from '../harness/ask.js';
import type { StoreFacts } from '../harness/facts.js';

/** Which store the specs take: `minio` (where it is not set), `seaweedfs`, or a JSON object with `endpoint`, `accessKey`, `secretKey` and perhaps `region`. */
const wishVariable = 'CONCLAVE_TEST_STORE';

/** The store of a run. */
export interface TestStore extends StoreFacts {
  readonly kind: 'minio' | 'seaweedfs' | 'given';
  readonly region: string;
}

/** The store that was wished for; ours start when they are first asked for, one that was given must be there. */
export async function testStore(wish = process.env[wishVariable] || 'minio'): Promise<TestStore> {
  if (wish === 'minio' || wish === 'seaweedfs') return { kind: wish, region: s3Region, ...(await ask(wish)) };
  const { endpoint, region = s3Region, accessKey, secretKey } = given(wish);
  if (!endpoint || !accessKey || !secretKey)
    throw new Error(`${wishVariable}: it is "minio", "seaweedfs" or JSON with endpoint, accessKey and secretKey`);
  return { kind: 'given', endpoint, region, root: { accessKey, secretKey } };
}

function given(wish: string): Partial<Record<'endpoint' | 'region' | 'accessKey' | 'secretKey', string>> {
  try {
    return JSON.parse(wish) as ReturnType<typeof given>;
  } catch {
    return {};
  }
}
