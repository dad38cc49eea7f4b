// What `helm test` asks from inside the cluster: does everybody answer, and is it what it should be? One line a check.
const checks = [
  ['the web app is served', process.env.GATEWAY, (text) => text.includes('<app-root') || text.includes('<!doctype html')],
  ...(process.env.READY ?? '').split(',').map((url) => [`${new URL(url).hostname} is ready`, url, () => true]),
  ...(process.env.LIVEKIT ? [['the media server answers', process.env.LIVEKIT, () => true]] : []),
];
let failed = 0;
for (const [what, url, right] of checks) {
  let problem;
  // A Service may be routed a moment after its pods are ready.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      const text = await response.text();
      problem = response.ok && right(text.toLowerCase()) ? undefined : `${response.status} from ${url}`;
    } catch (error) {
      problem = `${url}: ${error.cause?.code ?? error.name}`;
    }
    if (!problem) break;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  console.log(`${problem ? 'FAILED' : 'ok'}  ${what}${problem ? `: ${problem}` : ''}`);
  if (problem) failed += 1;
}
process.exit(failed ? 1 : 0);
