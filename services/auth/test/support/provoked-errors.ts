import type { RunningService } from '@conclave/messaging';
import { ormToken, type Orm } from '@conclave/persistence';

interface Refusing {
  connection?: { on(event: 'errorMessage', heard: (message: { code: string }) => void): void };
}

/** SQLSTATEs that Postgres answers to a service from now on: each is also a line in its log. */
export async function provokedErrors({ app }: RunningService): Promise<readonly string[]> {
  const states: string[] = [];
  const pool = await app.get<Orm>(ormToken(), { strict: false }).em.getConnection().getNativeClient();
  const heard = new WeakSet<object>();
  pool.on('acquire', (client: Refusing) => {
    if (heard.has(client)) return;
    heard.add(client);
    client.connection?.on('errorMessage', ({ code }) => states.push(code));
  });
  return states;
}
