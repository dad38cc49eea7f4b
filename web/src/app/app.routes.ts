import type { Routes } from '@angular/router';
import { signedIn } from './core/session/guards';
import { mayLeave } from './shared/leaving/may-leave';

/** Every page, loaded when it is first opened. */
export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: $localize`:@@title.home:Rooms`,
    canActivate: [signedIn],
    loadComponent: () => import('./features/home').then((m) => m.Home),
  },
  {
    path: 'sign-in',
    title: $localize`:@@title.signIn:Sign in`,
    loadComponent: () => import('./features/auth/sign-in').then((m) => m.SignIn),
  },
  {
    path: 'sign-up',
    title: $localize`:@@title.signUp:Create your account`,
    canDeactivate: [mayLeave],
    loadComponent: () => import('./features/auth/sign-up').then((m) => m.SignUp),
  },
  {
    path: 'verify',
    title: $localize`:@@title.verify:Prove your address`,
    loadComponent: () => import('./features/auth/verify-address').then((m) => m.VerifyAddress),
  },
  {
    path: 'recover',
    title: $localize`:@@title.recover:Choose a new password`,
    loadComponent: () => import('./features/auth/recover').then((m) => m.Recover),
  },
  {
    path: 'address',
    title: $localize`:@@title.verify:Prove your address`,
    loadComponent: () => import('./features/auth/mailed-address').then((m) => m.MailedAddress),
  },
  {
    path: 'address-back',
    title: $localize`:@@title.addressBack:Take your account back`,
    loadComponent: () => import('./features/auth/mailed-address').then((m) => m.MailedAddress),
  },
  {
    path: 'invite',
    title: $localize`:@@title.invitation:Invitation`,
    loadComponent: () => import('./features/auth/accept-invitation').then((m) => m.AcceptInvitation),
  },
  {
    path: 'settings',
    title: $localize`:@@title.settings:Settings`,
    canActivate: [signedIn],
    canDeactivate: [mayLeave],
    loadComponent: () => import('./features/settings').then((m) => m.SettingsPage),
  },
  {
    path: 'r/:slug',
    title: $localize`:@@title.room:Room`,
    canDeactivate: [mayLeave],
    loadComponent: () => import('./features/prejoin').then((m) => m.RoomPage),
  },
  {
    path: 'r/:slug/files',
    title: $localize`:@@title.files:Files`,
    canActivate: [signedIn],
    canDeactivate: [mayLeave],
    loadComponent: () => import('./features/files').then((m) => m.FilesPage),
  },
  {
    path: 'r/:slug/settings',
    title: $localize`:@@title.roomSettings:Room settings`,
    canActivate: [signedIn],
    loadComponent: () => import('./features/rooms').then((m) => m.RoomSettings),
  },
  {
    path: '**',
    title: $localize`:@@title.notFound:Not found`,
    loadComponent: () => import('./shell/not-found').then((m) => m.NotFound),
  },
];
