import { join } from 'node:path';
import { broadcastTable, methodTable } from '@conclave/contracts';
import { serviceOf, startProduct, type ProductPorts, type RunningProduct, type Supervised } from '@conclave/servers';
import type { Mailbox } from '@conclave/mailbox';
import { claim, recover } from './claim.js';
import { leftBehind, type Installation } from './installation.js';
import { ensureCertificate, lanAddress } from './lan.js';
import { localMailbox, mailboxEnvironment } from './local-mailbox.js';
import { LogFiles } from './log-files.js';
import { startObserving, type Observer } from './observe/start-observing.js';
import type { Options } from './options.js';
import { requirePort } from './public-port.js';
import { clearState, known, takeStock, writeState } from './run-state.js';
import { needsSomebody, type Screen } from './screen.js';
import { engineOf } from './sealing-engine.js';

/** Where the product is served. */
interface Place {
  readonly publicUrl: string;
  readonly publicHost: string;
  readonly publicPort: number;
  readonly nodeIp?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

async function placeFor(options: Options, installation: Installation): Promise<Place> {
  const { port } = options;
  if (!options.lan) return { publicUrl: `http://localhost:${port}`, publicHost: '127.0.0.1', publicPort: port };
  const address = lanAddress(options.address);
  const tls = await ensureCertificate(join(installation.folder, 'secrets'), address);
  return { publicUrl: `https://${address}:${port}`, publicHost: '0.0.0.0', publicPort: port, nodeIp: address, tls };
}

/** Writes down what runs, each time something begins or ends. */
function stateWriter(installation: Installation, url: string, mailbox: string, ports: () => ProductPorts | null) {
  const since = new Date().toISOString();
  const supervisor = known('supervisor', process.pid);
  let last: readonly Supervised[] = [];
  let ready = false;
  const write = (): void => {
    const stock = takeStock(last, (name) => ports()?.[name] ?? null);
    writeState(installation.stateFile, { supervisor, url, mailbox, since, ready, ...stock });
  };
  return {
    changed: (processes: readonly Supervised[]): void => {
      last = processes;
      write();
    },
    ready: (): void => {
      ready = true;
      write();
    },
  };
}

/** What a person does next. */
const nextSteps = (url: string, mailbox: string): readonly string[] => [
  `  1. Open ${url}`,
  `  2. Create the first account. The code that proves its address is in this machine's mailbox: ${mailbox}`,
  '  3. Make a room, invite somebody by their address, and send them the link that the dialog shows.',
];

/** Starts everything, shows how, and resolves when `signal` has ended it and all is drained. */
export async function start(
  installation: Installation,
  options: Options,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const release = claim(installation);
  const logs = new LogFiles(installation.logs);
  let product: RunningProduct | null = null;
  let observer: Observer | null = null;
  let mailbox: Mailbox | null = null;
  let ready = false;
  try {
    const left = await recover(installation);
    if (left > 0) screen.say(`      the last run was cut off; ${left} processes of it were ended`);
    for (const folder of await leftBehind(installation))
      screen.say(
        `      ${folder} holds databases of a former installation of this checkout, which are neither used nor touched; remove them (rm -r ${folder}), or bring back its .conclave to use them`,
      );
    const place = await placeFor(options, installation);
    await requirePort(place.publicPort, place.publicHost);
    mailbox = await localMailbox(installation.folder);
    const state = stateWriter(installation, place.publicUrl, mailbox.url, () => product?.ports ?? null);
    state.changed([]);
    product = await startProduct({
      ...place,
      folder: installation.folder,
      postgresFolder: installation.postgresFolder,
      installationId: installation.id,
      checkout: installation.checkout,
      contracts: { calls: methodTable, broadcasts: broadcastTable },
      environment: { auth: mailboxEnvironment(mailbox) },
      replicas: options.replicas,
      mediaNodes: options.mediaNodes,
      signal,
      onStep: (step) => screen.step(step),
      onProgress: (line) => screen.detail(line),
      onNotice: (line) => screen.say(`      ${line}`),
      onChange: (processes) => state.changed(processes),
      onLine: (name, line) => {
        logs.write(name, line);
        // Everything is in the files. Whoever watches hears what needs a person, or all that services say if asked for.
        if (options.verbose ? serviceOf(name) : ready && needsSomebody(line)) screen.line(name, line);
      },
    });
    if (options.observe) {
      screen.step('Prometheus');
      observer = await startObserving({
        ...{ checkout: installation.checkout, folder: installation.folder, product, signal },
        onLine: (line) => logs.write('prometheus', line),
      });
    }
    state.ready();
    ready = true;
    screen.done();
    const files = product.ports[product.service('files').name];
    const engine = files ? await engineOf(files).catch(() => null) : null;
    if (engine) screen.say(`      sealing: ${engine}`);
    screen.say(`\nConclave is ready after ${screen.elapsed}.\n`);
    for (const line of nextSteps(place.publicUrl, mailbox.url)) screen.say(line);
    screen.say('');
    if (observer) screen.say(`Prometheus, with what it is told and its alerts:  ${observer.url}\n`);
    if (place.tls)
      screen.say('The certificate was made for this installation; a browser asks once whether to trust it.\n');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    if (!signal.aborted) screen.failed();
    throw error;
  } finally {
    if (product) screen.step('stopping');
    await observer?.stop();
    await product?.stop();
    await mailbox?.stop();
    screen.done();
    await logs.close();
    clearState(installation.stateFile);
    release();
  }
}
