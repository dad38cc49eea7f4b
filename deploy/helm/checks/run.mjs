// Checks of the chart that need no server: `node deploy/helm/checks/run.mjs [word…]` runs those whose name holds a word.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { toolsOf } from '../../../tools/lab/go/build.mjs';
import { crdFolder } from '../../../tools/lab/kubernetes/crds.mjs';
import { Report, expect } from '../../../tools/lab/report.mjs';
import { environmentProblems, environmentsOf } from './environment.mjs';
import { imageProblems, imagesOf, registryProblems } from './images.mjs';
import { kubeconform } from './kubeconform.mjs';
import { labelProblems } from './labels.mjs';
import { lint } from './lint.mjs';
import { mutations } from './mutations.mjs';
import { networkProblems } from './network.mjs';
import { environmentNameProblems, podSecurityProblems, probeProblems } from './pods.mjs';
import { referenceProblems } from './references.mjs';
import { cases, chart, parse, renderText } from './render.mjs';
import { crdSchemas, kubernetesSchemas, kubernetesVersions } from './schemas.mjs';
import { secretProblems } from './secrets.mjs';
import { serviceSchemas } from './services.mjs';
import { fixtures } from './small-fixtures.mjs';
import { keysOf, schemaProblems, undocumented, unused } from './values.mjs';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

const none = (problems) => expect(problems.length === 0, [...new Set(problems)].slice(0, 30).join('\n'));

function templates(folder = join(chart, 'templates')) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

const table = () => parseYaml(readFileSync(join(chart, 'files/ports.yaml'), 'utf8'));

/** The checks of one render that look at nothing but its objects: by name, what is wrong. */
export function objectChecks(each) {
  return {
    'labels, names and namespaces': (objects) => labelProblems(objects, each),
    'environment names are unique': environmentNameProblems,
    'pods are restricted': podSecurityProblems,
    'long-running pods have three probes': probeProblems,
    'every reference resolves': (objects) => referenceProblems(objects, each),
    'no credential outside of Secrets': secretProblems,
    'network policies equal the port table': (objects) => networkProblems(objects, table(), each.network ?? {}),
  };
}

async function renderChecks(report, helm) {
  const rendered = new Map();
  for (const each of cases) {
    await report.check(`${each.name}: renders, twice the same`, async () => {
      const [first, second] = [await renderText(helm, each), await renderText(helm, each)];
      expect(first === second, 'two renders of the same values differ');
      rendered.set(each, { text: first, objects: parse(first) });
      return `${rendered.get(each).objects.length} objects`;
    });
  }
  for (const [each, { objects }] of rendered) {
    for (const [name, problems] of Object.entries(objectChecks(each))) {
      await report.check(`${each.name}: ${name}`, () => none(problems(objects)));
    }
  }
  return rendered;
}

async function environmentChecks(report, rendered) {
  const services = await serviceSchemas();
  for (const [each, { objects }] of rendered) {
    await report.check(`${each.name}: services read what they are given`, () => {
      const environments = environmentsOf(objects, Object.keys(services));
      expect(
        environments.size === Object.keys(services).length,
        `only ${[...environments.keys()].join(', ')} rendered`,
      );
      none([...environments].flatMap(([name, env]) => environmentProblems(name, env, services[name])));
    });
  }
}

async function imageChecks(report, rendered, helm) {
  const file = join(chart, 'images.txt');
  const listed = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.replace(/#.*/, '').trim())
        .filter(Boolean)
    : [];
  const all = [...rendered.values()].flatMap(({ objects }) => objects);
  await report.check('images.txt is what the chart runs', () => {
    const used = imagesOf(all);
    none([
      ...imageProblems(all, listed),
      ...listed
        .filter((image) => !used.includes(image))
        .map((image) => `images.txt names ${image}, which nothing runs`),
    ]);
  });
  for (const each of cases.slice(0, 3)) {
    await report.check(`${each.name}: every image is taken from global.imageRegistry`, async () => {
      const text = await renderText(helm, { ...each, set: ['global.imageRegistry=registry.internal:5000'] });
      none(registryProblems(parse(text), 'registry.internal:5000'));
    });
  }
}

async function valuesChecks(report, helm) {
  const keys = keysOf(readFileSync(join(chart, 'values.yaml'), 'utf8'));
  await report.check('every value is documented', () => none(undocumented(keys)));
  await report.check('every value is in the schema, and nothing else', () =>
    none(schemaProblems(keys, JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')))),
  );
  await report.check('every value is used', () => none(unused(keys, templates())));
  for (const made of ['schema.mjs', 'readme.mjs', 'images.mjs', '../observability/generate.mjs']) {
    await report.check(`what ${made.split('/').at(-1)} makes is what is committed`, async () => {
      const env = { ...process.env, HELM: helm };
      const { stderr = '', code } = await run(process.execPath, [join(dirname(chart), made), '--check'], { env }).catch(
        (error) => error,
      );
      expect(!code, stderr);
    });
  }
}

async function schemaChecks(report, rendered, bin) {
  const say = (line) => report.say(line);
  const schemas = await kubernetesSchemas(say);
  const crds = await crdSchemas(await crdFolder(say));
  for (const version of kubernetesVersions) {
    await report.check(`Kubernetes ${version}: every object fits the strict schemas`, async () => {
      const texts = [...rendered.values()].map(({ text }) => text);
      none(await kubeconform(bin.kubeconform, texts.join('\n---\n'), { version, schemas, crds }));
    });
  }
  await report.check('kubeconform refuses a field that is not there', async () => {
    const { text } = rendered.values().next().value;
    const broken = text.replace(/^(\s+)terminationGracePeriodSeconds:/m, '$1terminationGraceSeconds:');
    expect(broken !== text, 'nothing to break');
    const [version] = kubernetesVersions;
    const problems = await kubeconform(bin.kubeconform, broken, { version, schemas, crds });
    expect(problems.length > 0, 'it let an unknown field pass');
  });
}

async function lintChecks(report, rendered, bin) {
  for (const [each, { text }] of rendered) {
    await report.check(`${each.name}: kube-linter`, async () => none(await lint(bin['kube-linter'], text)));
  }
  await report.check('kube-linter refuses a pod that is root', async () => {
    const { text } = rendered.values().next().value;
    const broken = text
      .replace(/runAsNonRoot: true/g, 'runAsNonRoot: false')
      .replace(/runAsUser: \d+/g, 'runAsUser: 0');
    expect((await lint(bin['kube-linter'], broken)).length > 0, 'it let it pass');
  });
}

async function unitTests(report, bin) {
  await report.check('helm-unittest', async () => {
    const { stdout } = await run(bin['helm-unittest'], [chart], { maxBuffer: 32 * 1024 * 1024 }).catch((error) => {
      throw new Error(`${error.stdout ?? ''}${error.stderr ?? error.message}`.slice(-4000));
    });
    const [, passed] = /Tests:\s+(\d+) passed/.exec(stdout) ?? [];
    expect(Number(passed) > 0, `no test ran:\n${stdout.slice(-1000)}`);
    report.add({ passed: Number(passed) });
    return `${passed} tests`;
  });
}

/** A check that could not fail would prove nothing: each is seen to fail on a broken copy of a render. */
async function brokenCopies(report, rendered) {
  for (const [what, find, says] of fixtures) {
    await report.check(`seen to fail: ${what}`, () => {
      const problems = find();
      expect(
        problems.some((problem) => says.test(problem)),
        `expected words like ${says}, got: ${problems.join('\n')}`,
      );
    });
  }
  const byCase = new Map([...rendered].map(([each, { objects }]) => [each.name, { each, objects }]));
  for (const { check, of: name = 'production', breaks, change, says } of mutations) {
    const { each, objects } = byCase.get(name) ?? {};
    await report.check(`seen to fail: ${check}, when ${breaks}`, () => {
      expect(each, `${name} did not render`);
      const copy = structuredClone(objects);
      change(copy);
      expect(JSON.stringify(copy) !== JSON.stringify(objects), 'the change changed nothing');
      const problems = objectChecks(each)[check](copy);
      expect(
        problems.some((problem) => says.test(problem)),
        `expected words like ${says}, got: ${problems.slice(0, 5).join('\n') || 'nothing'}`,
      );
    });
  }
}

/** Runs all of it and counts in the report. */
export async function chartChecks(report, { only = [] } = {}) {
  const wanted = (name) => only.length === 0 || only.some((word) => name.includes(word));
  const say = (line) => report.say(line);
  const { helm } = await toolsOf('kubernetes:helm', say);
  const bin = {
    ...(await toolsOf('kubeconform', say)),
    ...(await toolsOf('kube-linter', say)),
    ...(await toolsOf('helm-unittest', say)),
  };
  const rendered = await renderChecks(report, helm);
  if (wanted('broken')) await brokenCopies(report, rendered);
  if (wanted('environment')) await environmentChecks(report, rendered);
  if (wanted('images')) await imageChecks(report, rendered, helm);
  if (wanted('values')) await valuesChecks(report, helm);
  if (wanted('schemas')) await schemaChecks(report, rendered, bin);
  if (wanted('lint')) await lintChecks(report, rendered, bin);
  if (wanted('unit')) await unitTests(report, bin);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(root);
  const report = new Report();
  try {
    await chartChecks(report, { only: process.argv.slice(2) });
  } catch (error) {
    report.failed++;
    console.log(`FAIL ${error.stack ?? error}`);
  }
  process.exitCode = report.end();
}
