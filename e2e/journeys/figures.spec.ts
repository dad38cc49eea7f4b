import { expect, test } from '@playwright/test';
import { scrape, type Figures } from '../support/figures.js';
import { isOurs, namedFigures, processes, tellersOf, type NamedFigure } from '../support/figures-named.js';

/** Asks all four processes that run. */
async function scrapeAll(): Promise<Map<string, Figures>> {
  const { ports } = JSON.parse(process.env['CONCLAVE_FACTS'] ?? '{}') as { ports: Record<string, number> };
  return new Map(await Promise.all(processes.map(async (name) => [name, await scrape(ports[name] ?? 0)] as const)));
}

const words = (service: string, { name, where }: NamedFigure): string => `${service} does not tell ${name} (${where})`;

test.describe('the figures of the four services', () => {
  test('are all there that an alert or a dashboard names, in each service that it reads them from', async () => {
    const named = (await namedFigures()).filter(isOurs);
    expect(new Set(named.map(({ name }) => name)).size).toBeGreaterThan(40);
    const told = await scrapeAll();
    const missing = named.flatMap((figure) =>
      tellersOf(figure).flatMap((service) =>
        told.get(service)?.names.has(figure.name) ? [] : [words(service, figure)],
      ),
    );
    expect([...new Set(missing)]).toEqual([]);
    expect(named.filter((figure) => tellersOf(figure).length === 0)).toEqual([]);
  });

  test('have a number for each feed before its first event: an alert sees no series that is not there', async () => {
    const told = await scrapeAll();
    const feeds = (service: string, name: string): string[] =>
      (told.get(service)?.samples ?? []).filter((one) => one.name === name).map(({ labels }) => labels['feed'] ?? '');
    for (const name of ['feed_events_total', 'feed_failures_total']) {
      expect({ name, feeds: feeds('rooms', name).sort() }).toEqual({ name, feeds: ['auth', 'auth-names', 'files'] });
      expect({ name, feeds: feeds('files', name) }).toEqual({ name, feeds: ['rooms'] });
    }
  });
});
