import { findSealingModule, findServers, type ServerName } from '@conclave/servers';
import type { Screen } from './screen.js';

const names: readonly ServerName[] = ['postgres', 'nats-server', 'livekit-server', 'minio'];

/** Finds each server, building what is not there. */
export async function servers(screen: Screen): Promise<number> {
  screen.step('servers: find');
  try {
    await findServers(names, {
      say: (line) => screen.say(`      ${line}`),
      progress: (line) => screen.detail(line),
    });
    // Specs compare it with the portable engine, and should not have to wait for it.
    await findSealingModule({ progress: (line) => screen.detail(line) });
  } catch (error) {
    screen.failed();
    throw error;
  }
  screen.done();
  return 0;
}
