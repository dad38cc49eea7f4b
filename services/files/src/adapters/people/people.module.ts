import { Module } from '@nestjs/common';
import { People } from '../../people/people.js';
import { AuthPeople } from './auth-people.js';

/** The port to people's names, by auth. */
@Module({ providers: [{ provide: People, useClass: AuthPeople }], exports: [People] })
export class PeopleModule {}
