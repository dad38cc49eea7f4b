import { greetingFor } from './greeting';

describe('the greeting', () => {
  it.each([
    [4, 'Good evening, \u2068Marta\u2069'],
    [5, 'Good morning, \u2068Marta\u2069'],
    [11, 'Good morning, \u2068Marta\u2069'],
    [12, 'Good afternoon, \u2068Marta\u2069'],
    [17, 'Good afternoon, \u2068Marta\u2069'],
    [18, 'Good evening, \u2068Marta\u2069'],
  ])('at %s o’clock is %s', (hour, words) => expect(greetingFor(hour, ' Marta Berg ')).toBe(words));

  it('names nobody before it is known who came', () => expect(greetingFor(9, '')).toBe('Welcome'));
});
