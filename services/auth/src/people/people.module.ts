import { Module } from '@nestjs/common';
import { AccountNews } from './account-news.js';
import { GetPeople } from './get-people.js';
import { PeopleController } from './people.controller.js';

/** Everybody who has an account, and their names for others. */
@Module({ controllers: [PeopleController], providers: [AccountNews, GetPeople], exports: [AccountNews] })
export class PeopleModule {}
