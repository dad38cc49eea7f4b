import { APP_BASE_HREF } from '@angular/common';
import {
  LOCALE_ID,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  type ApplicationConfig,
} from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  UrlSerializer,
  withComponentInputBinding,
  withInMemoryScrolling,
  withRouterConfig,
} from '@angular/router';
import { routes } from './app.routes';
import { MendedAddresses } from './core/address/mended-address';
import { pageLanguage } from './core/locale/page-language';
import { PageTitle } from './shell/page-title';

/** What the app is made of at run time. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    // Who stays after Back keeps the steps that lie ahead and behind (`computed`).
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'top' }),
      withRouterConfig({ canceledNavigationResolution: 'computed' }),
    ),
    { provide: UrlSerializer, useClass: MendedAddresses },
    // Which plural a number takes, and how pipes write numbers.
    { provide: LOCALE_ID, useFactory: pageLanguage },
    // The page has no <base>: the policy's base-uri is 'none'.
    { provide: APP_BASE_HREF, useValue: '/' },
    { provide: TitleStrategy, useClass: PageTitle },
  ],
};
