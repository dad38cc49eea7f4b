import { Transform } from 'node:stream';

/** Lets bytes through and tells how many each piece has. */
export const counter = (told: (bytes: number) => void): Transform =>
  new Transform({
    transform(bytes: Buffer, _encoding, done) {
      told(bytes.length);
      done(null, bytes);
    },
  });
