import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../../config.js';
import type { Route } from '../route.js';
import { openApiDocument } from './openapi-document.js';

/** The API's description of this installation. */
@Injectable()
export class ApiDocument {
  content: { [key: string]: unknown } = {};
  text = '';

  constructor(@Inject(configToken) private readonly config: Pick<Config, 'PUBLIC_URL'>) {}

  /** Called once at boot with every route there is. */
  describe(routes: readonly Route[]): void {
    this.content = openApiDocument(routes, this.config.PUBLIC_URL);
    this.text = JSON.stringify(this.content);
  }
}
