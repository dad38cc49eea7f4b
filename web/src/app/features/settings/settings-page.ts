import { Component } from '@angular/core';
import { TopBar } from '../../shell/top-bar';
import { PersonalTokenSection } from './personal-token-section';
import { ProfileSection } from './profile-section';
import { SessionsSection } from './sessions-section';

@Component({
  selector: 'cv-settings-page',
  imports: [PersonalTokenSection, ProfileSection, SessionsSection, TopBar],
  template: `
    <cv-top-bar />
    <main>
      <h1>Settings</h1>
      <cv-profile-section />
      <cv-personal-token-section />
      <cv-sessions-section />
    </main>
  `,
  styles: `
    main {
      max-width: 680px;
      margin: 0 auto;
      padding: 36px 24px 72px;
      display: grid;
      gap: 20px;
    }
    h1 {
      margin-bottom: 8px;
    }
    @media (max-width: 720px) {
      main {
        padding: 24px 16px 48px;
      }
    }
  `,
})
export class SettingsPage {}
