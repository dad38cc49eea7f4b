import { auth } from '@conclave/contracts';
import { Access, Rpc } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { GetPeople } from './get-people.js';

const { method } = auth.PeopleService;

/** `conclave.auth.v1.PeopleService` */
@Controller()
export class PeopleController {
  constructor(private readonly getPeopleUseCase: GetPeople) {}

  @Rpc(method.getPeople)
  @Access('service')
  getPeople(request: auth.GetPeopleRequest) {
    return this.getPeopleUseCase.execute(request);
  }
}
