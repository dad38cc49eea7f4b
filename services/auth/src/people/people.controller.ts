import { auth, type MessageInitShape } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { GetPeople } from './get-people.js';

const { getPeople } = auth.PeopleService.method;

/** `conclave.auth.v1.PeopleService` */
@Controller()
export class PeopleController {
  constructor(private readonly get: GetPeople) {}

  @Rpc(getPeople)
  @Access('service')
  async getPeople(request: auth.GetPeopleRequest): Promise<MessageInitShape<typeof getPeople.output>> {
    const people = await this.get.execute(request.ids);
    return { people: people.map(({ id, displayName }) => ({ id, displayName })) };
  }
}
