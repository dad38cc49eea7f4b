import { registerLocaleData } from '@angular/common';
import arabic from '@angular/common/locales/ar';
import german from '@angular/common/locales/de';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app';
import { appConfig } from './app.config';

/** Starts the app in the language that the page speaks by now. */
export async function startApp(): Promise<void> {
  registerLocaleData(german);
  registerLocaleData(arabic);
  await bootstrapApplication(App, appConfig);
}
