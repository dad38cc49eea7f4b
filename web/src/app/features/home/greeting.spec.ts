import { greetingFor } from './greeting';

describe('the greeting', () => {
  it.each([
    [4, 'Good evening, Marta'],
    [5, 'Good morning, Marta'],
    [11, 'Good morning, Marta'],
    [12, 'Good afternoon, Marta'],
    [17, 'Good afternoon, Marta'],
    [18, 'Good evening, Marta'],
  ])('at %s o’clock is %s', (hour, words) => expect(greetingFor(hour, ' Marta Berg ')).toBe(words));

  it('names nobody before it is known who came', () => expect(greetingFor(9, '')).toBe('Welcome'));
});
