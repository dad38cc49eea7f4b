import { initials, isolated } from './format';

describe('initials', () => {
  it.each([
    ['Marta Berg', 'MB'],
    ['  cher ', 'C'],
    ['Marta van den Berg', 'MB'],
    ['👩🏽‍🚀 Berg', '👩🏽‍🚀B'],
    ['🏳️‍🌈', '🏳️‍🌈'],
    ['क्षिति नरेन्द्र', 'क्षिन'],
    ['e\u0301mile zola', 'E\u0301Z'],
    ['山田 太郎', '山太'],
    ['', '?'],
  ])('of %j are %j', (name, letters) => expect(initials(name)).toBe(letters));
});

describe('somebody else’s words', () => {
  it('end what they begin', () => expect(isolated('\u05d0')).toBe('\u2068\u05d0\u2069'));
});
