// Each image of ours by itself: who it is, what it may, what is in it, and what it does without a configuration.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { docker, tryDocker } from '../docker.mjs';
import { expect } from '../../report.mjs';

const limit = 120e6;
const development = ['typescript', 'jest', '@swc/core', 'testcontainers', '@conclave/testing', 'nx', 'eslint', 'npm'];

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);

/** As the chart and compose run it, and with nothing in /usr/bin: no shell, no tools. */
export const hardened = [
  ...['run', '--rm', '--network', 'none', '--read-only', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges', '--tmpfs', '/tmp:size=16m', '--tmpfs', '/usr/bin:size=1m'],
];

/** Runs inside the image and tells what it sees. */
function look() {
  const { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)[1];
  const write = (path) => {
    try {
      writeFileSync(path, '');
      return 'written';
    } catch (error) {
      return error.code;
    }
  };
  const packages = [];
  let loose = '';
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      const { mode, uid } = lstatSync(path);
      if (uid !== 0 || (!entry.isSymbolicLink() && mode & 0o022)) loose = path;
      if (entry.isDirectory()) walk(path);
      const isPackage =
        /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path) ||
        /^\/app\/(libs|services|deploy)\/[^/]+\/package\.json$/.test(path);
      if (isPackage) {
        const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
        packages.push(`${name}@${version}`);
      }
    }
  };
  walk('/app');
  console.log(
    JSON.stringify({
      ids: [process.getuid(), process.getgid(), process.pid].join(' '),
      capabilities: `${field('CapPrm')} ${field('CapEff')} ${field('CapBnd')}`,
      noNewPrivileges: field('NoNewPrivs'),
      writes: ['/conclave', '/app/conclave', '/tmp/conclave'].map(write).join(' '),
      shell: ['/bin/sh', '/usr/bin/sh', '/bin/bash'].some(existsSync),
      folder: process.cwd(),
      has: ['main', 'migrate', 'preflight'].filter((each) => existsSync(`dist/${each}.js`)).join(' '),
      web: existsSync('/app/web/index.html'),
      scripts: readdirSync('/app').join(' '),
      packages,
      loose,
    }),
  );
}

/** What each image must say about itself. */
const expected = {
  auth: 'main migrate preflight',
  rooms: 'main migrate preflight',
  files: 'main migrate preflight',
  gateway: 'main preflight',
  tasks: '',
};

export async function imageChecks({ host, report, out, version, standIns }) {
  const built = JSON.parse(readFileSync(join(out, 'images.json'), 'utf8'));
  for (const name of Object.keys(expected)) {
    const { folder, bundled, aboveBase, bytes } = built[name];
    const reference = `conclave/${name}:${version}`;
    let seen;
    await report.check(`${name}: uid 10001, no rights, no shell, nothing to write to but /tmp`, async () => {
      seen = JSON.parse(await docker([...hardened, reference, '-e', `(${look})()`], { host }));
      const wanted = {
        ids: '10001 10001 1',
        capabilities: ['0'.repeat(16), '0'.repeat(16), '0'.repeat(16)].join(' '),
        noNewPrivileges: '1',
        writes: 'EROFS EROFS written',
        shell: false,
        folder: `/app/${folder}`,
        has: expected[name],
        web: bundled.length > 0,
        loose: '',
      };
      for (const [key, value] of Object.entries(wanted)) {
        expect(seen[key] === value, `${key} is ${JSON.stringify(seen[key])}, not ${JSON.stringify(value)}`);
      }
    });
    await report.check(`${name}: labels, and at most 120 MB above its base`, async () => {
      const { Labels: labels, Env } = JSON.parse(
        await docker(['image', 'inspect', '--format', '{{json .Config}}', reference], { host }),
      );
      for (const each of ['title', 'version', 'revision', 'source', 'licenses']) {
        expect(labels[`org.opencontainers.image.${each}`], `no label ${each}`);
      }
      expect(labels['org.opencontainers.image.version'] === version, 'the label names another version');
      const commit = `BUILD_COMMIT=${labels['org.opencontainers.image.revision']}`;
      expect(Env.includes(commit), `its metrics do not tell the revision: no ${commit}`);
      expect(aboveBase <= limit, `${(aboveBase / 1e6).toFixed(1)} MB above the base`);
      return `${(aboveBase / 1e6).toFixed(1)} MB above a base of ${((bytes - aboveBase) / 1e6).toFixed(0)} MB${standIns.length ? ', a stand-in' : ''}`;
    });
    await report.check(
      `${name}: its bill of materials names what is inside, and nothing for development is`,
      async () => {
        expect(seen, 'the image could not be looked into');
        const text = readFileSync(join(out, `${name}.cdx.json`), 'utf8');
        const wrong = await validator.validate(text);
        expect(!wrong, `not valid: ${JSON.stringify(wrong)?.slice(0, 400)}`);
        const bom = JSON.parse(text);
        expect(bom.bomFormat === 'CycloneDX' && bom.metadata.component.name === `conclave/${name}`, 'not its document');
        const listed = new Set(bom.components.map((each) => each['bom-ref']));
        const inside = new Set(seen.packages);
        const unlisted = [...inside].filter((each) => !listed.has(each));
        const absent = [...listed].filter(
          (each) => !inside.has(each) && !bundled.includes(each) && each !== '@conclave/web@' + version,
        );
        expect(unlisted.length === 0, `inside and not listed: ${unlisted.slice(0, 8).join(', ')}`);
        expect(absent.length === 0, `listed and not inside: ${absent.slice(0, 8).join(', ')}`);
        const tools = [...inside].filter((each) => development.includes(each.slice(0, each.lastIndexOf('@'))));
        expect(tools.length === 0, `for development: ${tools.join(', ')}`);
        return `${inside.size} packages`;
      },
    );
    if (!expected[name]) continue;
    await report.check(`${name}: without a configuration it names what is missing and stops`, async () => {
      for (const program of ['dist/main.js', 'dist/preflight.js']) {
        const { code, out: said, err } = await tryDocker([...hardened, reference, program], { host, seconds: 120 });
        expect(code !== 0, `${program} ended with 0`);
        expect(
          /NATS_URL:? is missing/.test(`${said}${err}`),
          `${program} ended with ${code} and said: ${(said + err).slice(0, 400)}`,
        );
        if (program === 'dist/main.js') expect(code === 78, `${program} ended with ${code}, not 78`);
      }
    });
  }
}
