import { parseMessage, writeMessage } from './messages.mjs';

const from = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const to = 'åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ';
const accents = new Map([...from].map((letter, index) => [letter, [...to][index]]));

/** Accents every letter, and adds a third in length as German and Finnish do: a vowel now and then said twice. */
function stretch(text) {
  let vowels = 0;
  return [...text]
    .map((letter) => {
      const accented = accents.get(letter) ?? letter;
      return /[aeiou]/i.test(letter) && vowels++ % 2 === 0 ? accented + accented.toLowerCase() : accented;
    })
    .join('');
}

/** A message of the pseudo-locale: readable, longer, in brackets, so that a cut end and a word without them are seen. */
export const pseudo = (message) => `[${writeMessage(parseMessage(message), stretch)}]`;
