import { auth } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Clock, ExpiringCache, Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { People } from '../../people/people.js';

const rememberMs = 30_000;
const mostRemembered = 5_000;
const mostPerCall = 200;

/** Names as auth knows them, remembered for half a minute. Without auth the list still opens, with empty names. */
@Injectable()
export class AuthPeople extends People {
  private readonly remembered: ExpiringCache<string>;

  constructor(
    @InjectClient(auth.PeopleService) private readonly client: ServiceClient<typeof auth.PeopleService>,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    super();
    const now = (): number => clock.now().getTime();
    this.remembered = new ExpiringCache({ ttlMs: rememberMs, most: mostRemembered, now });
  }

  async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    const unknown = new Set<string>();
    for (const id of ids) {
      const known = this.remembered.get(id);
      if (known !== undefined) names.set(id, known);
      else unknown.add(id);
    }
    const asked = [...unknown];
    for (let at = 0; at < asked.length; at += mostPerCall) {
      for (const [id, name] of await this.ask(asked.slice(at, at + mostPerCall))) {
        names.set(id, name);
        this.remembered.keep(id, name);
      }
    }
    return names;
  }

  private async ask(ids: string[]): Promise<[string, string][]> {
    try {
      const { people } = await this.client.getPeople({ ids }, { timeoutMs: 2_000 });
      return people.map(({ id, displayName }) => [id, displayName]);
    } catch (error) {
      this.logger.warn('names of owners are not to be had', { error });
      return [];
    }
  }
}
