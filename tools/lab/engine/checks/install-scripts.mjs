// A package that somebody planted brings an install script. It must not run; one that is on the list must, or the check
// proves nothing.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { docker } from '../docker.mjs';
import { engineFolder } from '../engine.mjs';
import { nodeImage } from '../images.mjs';
import { expect } from '../../report.mjs';

const npm = (args, cwd) => {
  const done = spawnSync('npm', args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${done.status}\n${done.stderr}`);
};

/** A project with the planted package, as `assemble.mjs manifests` lays one out. */
function plant(folder, allowed) {
  const planted = join(folder, 'planted');
  mkdirSync(planted);
  const script = "require('node:fs').writeFileSync('/packages/ran', '')";
  const manifest = { name: 'planted', version: '1.0.0', scripts: { postinstall: `node -e "${script}"` } };
  writeFileSync(join(planted, 'package.json'), JSON.stringify(manifest));
  npm(['pack', '--silent', '--pack-destination', folder], planted);
  rmSync(planted, { recursive: true });
  const project = { name: 'victim', version: '1.0.0', dependencies: { planted: 'file:planted-1.0.0.tgz' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  npm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  writeFileSync(join(folder, 'install-scripts.txt'), allowed ? 'planted' : '');
}

/** The stage `packages` of the real Dockerfile over that project. */
function stageOf(root) {
  const text = readFileSync(join(root, 'deploy/images/Dockerfile'), 'utf8');
  const stage = /^FROM \$\{BASE\} AS packages\n[\s\S]*?(?=^FROM )/m.exec(text)?.[0];
  if (!stage?.includes('npm ci')) throw new Error('deploy/images/Dockerfile has no stage "packages" that runs npm ci');
  return `ARG BASE\nFROM \${BASE} AS source\nCOPY . /out\n${stage}`;
}

export async function installScriptChecks({ host, report, root }) {
  for (const allowed of [false, true]) {
    await report.check(
      `an install script ${allowed ? 'that is on the list runs' : 'that somebody planted does not run'}`,
      async () => {
        const folder = mkdtempSync(join(engineFolder, 'planted-'));
        const tag = `conclave-lab/planted:${allowed ? 'allowed' : 'refused'}`;
        try {
          plant(folder, allowed);
          writeFileSync(join(folder, 'Dockerfile'), stageOf(root));
          await docker(['build', '--quiet', '--tag', tag, '--build-arg', `BASE=${nodeImage}`, folder], {
            host,
            env: { DOCKER_BUILDKIT: '0' },
          });
          const said = await docker(
            [
              'run',
              '--rm',
              '--network',
              'none',
              tag,
              'node',
              '-p',
              "require('node:fs').existsSync('/packages/ran') + ' ' + require('node:fs').existsSync('/packages/node_modules/planted')",
            ],
            { host },
          );
          expect(said === `${allowed} true`, `ran and installed: ${said}`);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );
  }
}
