import { timestampDate, type DescMethod, type Timestamp } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { exampleRequest, fieldCases, type Init } from '@conclave/testing';
import { enumWords, isTimestamp } from '../src/http/rpc/api-fields.js';
import { freeFields, hasBody, pathFields } from '../src/http/rpc/rpc-plan.js';
import type { RpcRoute } from '../src/http/route.js';
import { routes } from '../src/http/server/routes.js';
import { openWorld, type Person, type World } from './support/world.js';

const rpcRoutes = routes.filter((route): route is RpcRoute => route.kind === 'rpc');
const nameOf = ({ method, path }: RpcRoute): string => `${method} ${path}`;

/** A value as JSON has it; one that no JSON of ours can say stays as it is, and is refused as such. */
function jsonOf(field: DescMethod['input']['fields'][number], value: unknown): unknown {
  const { message, enum: named } = field;
  if (Array.isArray(value)) return value;
  if (message && isTimestamp(message)) {
    const time = timestampDate(value as Timestamp);
    return Number.isNaN(time.getTime()) ? 'beyond all dates' : time.toISOString();
  }
  if (message)
    return Object.fromEntries(
      message.fields.flatMap((inner) => {
        const part = (value as Init)[inner.localName];
        return part === undefined ? [] : [[inner.jsonName, jsonOf(inner, part)]];
      }),
    );
  if (named) return enumWords(named).get(value as number) ?? value;
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Empty stands for "not said" where it fits: a client that says nothing leaves it out. */
const isEmpty = (value: unknown): boolean => value === '' || value === 0 || value === 0n;

/** The request that carries these fields. */
function asked(
  route: RpcRoute,
  request: Init,
  says: (field: DescMethod['input']['fields'][number]) => boolean,
): { path: string; body?: object } {
  const inPath = pathFields(route.path, route.rpc, route.parameters);
  let path = `/api/v1${route.path}`;
  for (const { name, field } of inPath)
    path = path.replace(`{${name}}`, encodeURIComponent(String(request[field.localName] ?? '')));
  const said = freeFields(route).flatMap((field) => {
    const value = request[field.localName];
    return value === undefined || (isEmpty(value) && !says(field))
      ? []
      : [[field.jsonName, jsonOf(field, value)] as const];
  });
  if (hasBody(route.method)) return { path, body: Object.fromEntries(said) };
  const query = said.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return { path: query === '' ? path : `${path}?${query}` };
}

const arrived = { status: 409, reason: 'CONFLICT', field: undefined, heard: 1 };
/** What the router takes for a part of a path at most. */
const longestPart = 128;

/** A part of a path says something, and what does not fit does not exist. */
function inPath(fits: boolean, value: string): object {
  return fits && value !== '' ? arrived : { status: 404, reason: 'NOT_FOUND', field: undefined, heard: 0 };
}

describe('the rules of a field, over HTTP', () => {
  let world: World;
  let marta: Person;
  let heard = 0;
  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
    for (const { rpc } of rpcRoutes)
      world.services.on(rpc, () => {
        heard += 1;
        // Whatever arrives was let through; what the service makes of it is another matter.
        throw new DomainError('CONFLICT');
      });
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  const ruled = rpcRoutes.filter((route) => fieldCases(route.rpc, exampleRequest(route.rpc)).length > 0);

  it('are tried on every route that takes anything', () => {
    expect(ruled.length).toBeGreaterThan(20);
  });

  it.each(ruled.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const parameters = new Set(pathFields(route.path, route.rpc, route.parameters).map(({ field }) => field.localName));
    for (const { title, field, path, fits, value, request } of fieldCases(route.rpc, exampleRequest(route.rpc))) {
      if (route.given && field.localName in route.given) continue;
      const before = heard;
      const { path: address, body } = asked(route, request, (one) => one === field && !fits);
      const answer = await world.ask(route.method, address, {
        ...(route.access === 'signed-in' && { as: marta }),
        ...(body && { body }),
      });
      const { status, json } = answer;
      // The router itself refuses what is longer, in words of its own.
      if (parameters.has(field.localName) && String(value).length > longestPart) {
        expect({ title, refused: [404, 414].includes(status), heard }).toEqual({ title, refused: true, heard: before });
        continue;
      }
      const seen = { title, status, reason: json?.reason, field: json?.details?.field, heard: heard - before };
      const expected = parameters.has(field.localName)
        ? inPath(fits, String(value))
        : fits
          ? arrived
          : { status: 400, reason: 'INVALID_ARGUMENT', field: path, heard: 0 };
      expect(seen).toEqual({ title, ...expected });
    }
  });

  it('leave nothing in the log that looks like a fault', () => {
    expect(world.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
