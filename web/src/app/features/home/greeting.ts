/** Good morning until noon, good afternoon until six, then good evening. */
export function greetingFor(hour: number, displayName: string): string {
  const part = hour < 5 ? 'evening' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  const first = displayName.trim().split(/\s+/u)[0] ?? '';
  return first ? `Good ${part}, ${first}` : `Good ${part}`;
}

/** "One meeting is under way. You have three rooms." */
export function leadFor(rooms: number, meetings: number): string {
  if (rooms === 0) return 'Make a room, then invite the people you want to meet.';
  const have = rooms === 1 ? 'You have one room.' : `You have ${numberWord(rooms)} rooms.`;
  if (meetings === 0) return `No meeting is under way. ${have}`;
  return `${meetings === 1 ? 'One meeting is' : `${capital(numberWord(meetings))} meetings are`} under way. ${have}`;
}

const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
] as const;
const numberWord = (n: number): string => NUMBERS[n] ?? String(n);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
