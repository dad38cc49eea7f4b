import { Module, type DynamicModule } from '@nestjs/common';
import { WebApp } from './web-app.js';

/** The built web app. */
@Module({})
export class WebModule {
  /** It is read before anything else starts: a gateway without its app must stop, not connect. */
  static forRoot(webApp: WebApp): DynamicModule {
    return { module: WebModule, providers: [{ provide: WebApp, useValue: webApp }] };
  }
}
