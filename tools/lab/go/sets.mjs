// Which tools come out of which committed Go module, under which names, and what is linked into them.
import { readFileSync, existsSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The version a module is pinned to in a set's go.mod. */
export function pinned(set, module) {
  const text = readFileSync(join(here, set, 'go.mod'), 'utf8');
  const escaped = module.replaceAll('.', '\\.');
  const found = text.match(new RegExp(`^\\s*(?:require\\s+)?${escaped} (v\\S+)`, 'm'));
  if (!found) throw new Error(`tools/lab/go/${set}/go.mod does not pin ${module}`);
  return found[1];
}

/** Kubernetes tells its version only if the linker gives it; without it a chart's kubeVersion would be held against v0.0.0. */
function kubernetesFlags() {
  const version = pinned('kubernetes', 'k8s.io/kubernetes');
  const [, minor] = version.split('.');
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((at) => [
    `-X ${at}.gitVersion=${version}`,
    `-X ${at}.gitMajor=1`,
    `-X ${at}.gitMinor=${minor}`,
    `-X ${at}.gitTreeState=clean`,
    `-X ${at}.gitCommit=module`,
    `-X ${at}.buildDate=2026-01-01T00:00:00Z`,
  ]);
}

const helmFlag = (set, major) =>
  `-X helm.sh/helm/v${major}/internal/version.version=${pinned(set, `helm.sh/helm/v${major}`)}`;

/**
 * What differs from the rule, which is: every `tool` of go.mod, under the last part of its path. `rename` gives a binary
 * another name, `flags` are the linker's, `onRequest` names tools that are built only when asked for by name.
 */
const special = {
  kubernetes: {
    rename: { 'go.etcd.io/etcd/server/v3': 'etcd' },
    flags: () => [...kubernetesFlags(), helmFlag('kubernetes', 4)],
    // The API server lab fakes its nodes; only the lab with a real node needs these two.
    onRequest: ['kubelet', 'kube-proxy'],
  },
  helm3: { rename: { 'helm.sh/helm/v3/cmd/helm': 'helm3' }, flags: () => [helmFlag('helm3', 3)] },
};

/** Every set there is: a folder here with a go.mod. */
export const setNames = () => readdirSync(here).filter((name) => existsSync(join(here, name, 'go.mod')));

/** The name `go install` gives a binary: the last part of the path, a major version left out. */
function installedName(path) {
  const parts = path.split('/');
  return /^v\d+$/.test(parts.at(-1)) ? parts.at(-2) : parts.at(-1);
}

function toolPaths(goMod) {
  const blocks = [...goMod.matchAll(/^tool \(\n([\s\S]*?)^\)/gm)].flatMap(([, body]) => body.split('\n'));
  const lines = [...goMod.matchAll(/^tool ([^\s(]+)$/gm)].map(([, path]) => path);
  return [...blocks.map((line) => line.trim()).filter(Boolean), ...lines];
}

/** One set: its folder, the folder of its binaries in the cache (changes with its pins), and its tools. */
export function readSet(name) {
  const folder = join(here, name);
  if (!existsSync(join(folder, 'go.mod'))) {
    throw new Error(`There is no set of tools "${name}". Sets: ${setNames().join(', ')}`);
  }
  const { rename = {}, flags = () => [], onRequest = [] } = special[name] ?? {};
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const goSum = readFileSync(join(folder, 'go.sum'), 'utf8');
  const hash = createHash('sha256').update(goMod).update(goSum).digest('hex').slice(0, 12);
  const tools = toolPaths(goMod).map((path) => {
    const installed = installedName(path);
    const binary = rename[path] ?? installed;
    return { path, installed, binary, onRequest: onRequest.includes(binary) };
  });
  return { name, folder, cacheKey: `${name}-${hash}`, flags: flags(), tools };
}
