// Completes package-lock.json with the optional packages of other platforms, which a registry mirror may not have served when
// the lock was written: without their entries `npm ci` refuses the lock everywhere. Run after a change of dependencies:
// `node tools/lock-platforms.mjs`; with --check it changes nothing and fails where an entry is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'openharmony', 'aix', 'sunos'];
const processors = {
  x64: 'x64',
  arm64: 'arm64',
  armv7: 'arm',
  arm: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};

/** `@swc/core-linux-x64-musl` -> os linux, cpu x64, libc musl: the platform that the name says. */
function platformOf(name) {
  const words = name.split(/[/_-]/);
  const os = words.find((word) => systems.includes(word)) ?? (name === 'fsevents' ? 'darwin' : undefined);
  const cpu = words.map((word) => processors[word]).find(Boolean);
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  if (!os && !cpu) return undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [os] }), ...(libc && os === 'linux' && { libc: [libc] }) };
}

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
    const platform = platformOf(name);
    if (!platform || !/^\d/.test(version)) {
      console.error(`${name}@${version}, wanted by ${path || 'the workspace'}, names no platform: install it by hand`);
      process.exitCode = 1;
      continue;
    }
    missing.push(name);
    lock.packages[`node_modules/${name}`] = { version, ...platform, ...(entry.dev && { dev: true }), optional: true };
  }
}
if (process.argv.includes('--check')) {
  if (missing.length) console.error(`not in the lock: ${missing.join(', ')}. Run node tools/lock-platforms.mjs`);
  process.exitCode ||= missing.length ? 1 : 0;
} else {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${missing.length} entries added`);
}
