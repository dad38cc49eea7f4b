import { Module } from '@nestjs/common';
import { GetPeople } from './get-people.js';
import { PeopleController } from './people.controller.js';

/** Everybody who has an account, and their names for others. */
@Module({ controllers: [PeopleController], providers: [GetPeople] })
export class PeopleModule {}
