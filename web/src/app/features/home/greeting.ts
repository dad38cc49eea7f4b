import { isolated } from '../../core/format';

/** Good morning until noon, good afternoon until six, then good evening. */
export function greetingFor(hour: number, displayName: string): string {
  const name = displayName.trim().split(/\s+/u)[0];
  if (!name) return $localize`:@@home.welcome:Welcome`;
  if (hour >= 5 && hour < 12) return $localize`:@@home.morning:Good morning, ${isolated(name)}:NAME:`;
  if (hour >= 12 && hour < 18) return $localize`:@@home.afternoon:Good afternoon, ${isolated(name)}:NAME:`;
  return $localize`:@@home.evening:Good evening, ${isolated(name)}:NAME:`;
}
