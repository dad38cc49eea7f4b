import type { Routes } from '@angular/router';
import { signedIn } from './core/session/guards';

/** Every page, loaded when it is first opened. */
export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'Rooms',
    canActivate: [signedIn],
    loadComponent: () => import('./features/home').then((m) => m.Home),
  },
  { path: 'sign-in', title: 'Sign in', loadComponent: () => import('./features/auth/sign-in').then((m) => m.SignIn) },
  {
    path: 'sign-up',
    title: 'Create your account',
    loadComponent: () => import('./features/auth/sign-up').then((m) => m.SignUp),
  },
  {
    path: 'invite',
    title: 'Invitation',
    loadComponent: () => import('./features/auth/accept-invitation').then((m) => m.AcceptInvitation),
  },
  {
    path: 'settings',
    title: 'Settings',
    canActivate: [signedIn],
    loadComponent: () => import('./features/settings').then((m) => m.SettingsPage),
  },
  { path: 'r/:slug', title: 'Room', loadComponent: () => import('./features/prejoin').then((m) => m.RoomPage) },
  {
    path: 'r/:slug/files',
    title: 'Files',
    canActivate: [signedIn],
    loadComponent: () => import('./features/files').then((m) => m.FilesPage),
  },
  {
    path: 'r/:slug/settings',
    title: 'Room settings',
    canActivate: [signedIn],
    loadComponent: () => import('./features/rooms').then((m) => m.RoomSettings),
  },
  { path: '**', title: 'Not found', loadComponent: () => import('./shell/not-found').then((m) => m.NotFound) },
];
