import { Component } from '@angular/core';
import { Page } from '../../shell/page';
import { AddressSection } from './address-section';
import { KeyboardSection } from './keyboard-section';
import { LanguageSection } from './language-section';
import { NoticesSection } from './notices-section';
import { PersonalTokenSection } from './personal-token-section';
import { ProfileSection } from './profile-section';
import { SecuritySection } from './security-section';
import { SessionsSection } from './sessions-section';

@Component({
  selector: 'cv-settings-page',
  imports: [
    AddressSection,
    KeyboardSection,
    LanguageSection,
    NoticesSection,
    Page,
    PersonalTokenSection,
    ProfileSection,
    SecuritySection,
    SessionsSection,
  ],
  template: `
    <cv-page heading="Settings" i18n-heading="@@shell.settings">
      <cv-profile-section />
      <cv-address-section />
      <cv-language-section />
      <cv-keyboard-section />
      <cv-notices-section />
      <cv-security-section />
      <cv-personal-token-section />
      <cv-sessions-section />
    </cv-page>
  `,
})
export class SettingsPage {}
