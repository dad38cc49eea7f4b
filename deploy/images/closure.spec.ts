import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closureOf, nameOf, projectOf, unjudgedScripts, workspacesOf } from './closure.mjs';
import { images } from './services.mjs';

const json = (path: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../..', path), 'utf8'));
const lock = json('package-lock.json');
const closures = Object.entries(images).map(([name, { folder }]) => [name, closureOf(lock, folder)] as const);

describe.each(closures)('the closure of %s', (_, closure) => {
  it('has nothing that is only needed to work on it', () => {
    const names = [...closure.keys()].map(nameOf);
    for (const tool of [
      'typescript',
      'jest',
      '@swc/core',
      'testcontainers',
      '@conclave/testing',
      '@conclave/mailbox',
      'smtp-server',
      'nx',
      'eslint',
    ]) {
      expect(names).not.toContain(tool);
    }
    expect([...closure.values()].some((entry) => entry.dev)).toBe(false);
  });

  it('every install script in it is judged', () => {
    expect(unjudgedScripts(closure, json('deploy/images/install-scripts.json'))).toEqual([]);
  });

  it('its manifests ask for nothing that is not in it', () => {
    const { lock: own } = projectOf(json('package.json'), lock, closure);
    for (const folder of workspacesOf(closure)) {
      expect(own.packages[folder].devDependencies).toBeUndefined();
      for (const name of Object.keys(own.packages[folder].dependencies ?? {})) {
        expect([...closure.keys()].some((path) => nameOf(path) === name)).toBe(true);
      }
    }
  });
});

describe('closureOf', () => {
  const packages = {
    app: { dependencies: { a: '1' }, devDependencies: { tool: '1' } },
    'node_modules/app': { link: true, resolved: 'app' },
    'node_modules/a': {
      dependencies: { b: '2' },
      peerDependencies: { p: '1', q: '1' },
      peerDependenciesMeta: { q: { optional: true } },
    },
    'node_modules/a/node_modules/b': { version: '2' },
    'node_modules/b': { version: '1' },
    'node_modules/p': {},
    'node_modules/q': {},
    'node_modules/tool': {},
  };

  it('follows dependencies and needed peers as Node finds them, nearest first', () => {
    expect([...closureOf({ packages }, 'app').keys()]).toEqual([
      'app',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/app',
      'node_modules/p',
    ]);
  });

  it('a dependency that the lockfile lacks is an error, never a smaller image', () => {
    const { 'node_modules/a/node_modules/b': _1, 'node_modules/b': _2, ...without } = packages;
    expect(() => closureOf({ packages: without }, 'app')).toThrow('node_modules/a needs b');
  });

  it('an install script that nobody has judged is named', () => {
    const planted = { packages: { ...packages, 'node_modules/p': { hasInstallScript: true } } };
    expect(unjudgedScripts(closureOf(planted, 'app'), { allowed: [], refused: {} })).toEqual(['p']);
    expect(unjudgedScripts(closureOf(planted, 'app'), { allowed: [], refused: { p: 'why' } })).toEqual([]);
  });
});
