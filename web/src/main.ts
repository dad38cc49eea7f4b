import { pickLocale, storedLocale } from './app/core/locale/locales';
import { speak } from './app/core/locale/speak';
import { takeInvitations } from './app/core/session/invitation-token';
import { takeMailedTokens } from './app/core/session/mailed-token';

takeInvitations();
takeMailedTokens();

/** Words are read when the code that holds them is loaded: so the language comes first, and the app after it. */
async function start(): Promise<void> {
  await speak(pickLocale(storedLocale(), navigator.languages));
  const { startApp } = await import('./app/bootstrap');
  await startApp();
}

start().catch((error: unknown) => reportError(error));
