import { auth } from '@conclave/contracts';
import { InjectClient, type ServiceClient } from '@conclave/messaging';
import { Clock, Logger } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { People } from '../../people/people.js';

const rememberMs = 30_000;
const mostRemembered = 5_000;
const mostPerCall = 200;

/** Names as auth knows them, remembered for half a minute. Without auth the list still opens, with empty names. */
@Injectable()
export class AuthPeople extends People {
  private readonly remembered = new Map<string, { readonly name: string; readonly until: number }>();

  constructor(
    @InjectClient(auth.PeopleService) private readonly client: ServiceClient<typeof auth.PeopleService>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    super();
  }

  async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const now = this.clock.now().getTime();
    const names = new Map<string, string>();
    const unknown = new Set<string>();
    for (const id of ids) {
      const known = this.remembered.get(id);
      if (known && known.until > now) names.set(id, known.name);
      else unknown.add(id);
    }
    const asked = [...unknown];
    for (let at = 0; at < asked.length; at += mostPerCall) {
      for (const [id, name] of await this.ask(asked.slice(at, at + mostPerCall))) {
        names.set(id, name);
        this.remember(id, name, now + rememberMs);
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

  private remember(id: string, name: string, until: number): void {
    if (this.remembered.size >= mostRemembered) this.remembered.clear();
    this.remembered.set(id, { name, until });
  }
}
