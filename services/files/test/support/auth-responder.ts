import { auth, create, fromBinary, subjectOf, toBinary } from '@conclave/contracts';
import { Bus } from '@conclave/messaging';

const { getPeople } = auth.PeopleService.method;

/** Answers for names as auth would, with auth's nkey. */
export async function answerNames(
  nats: { url: string; seed: string },
  names: ReadonlyMap<string, string>,
): Promise<Bus> {
  const bus = await Bus.connect({ ...nats, service: 'auth' });
  bus.respond(subjectOf(getPeople), 'auth', (message) => {
    const { ids } = fromBinary(getPeople.input, message.data);
    const people = ids.flatMap((id) => (names.has(id) ? [{ id, displayName: names.get(id)! }] : []));
    message.respond(toBinary(getPeople.output, create(getPeople.output, { people })));
  });
  await bus.ping();
  return bus;
}
