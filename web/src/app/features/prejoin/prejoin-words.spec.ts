import { deviceProblem } from '../../core/media/device-problem';
import { slugFrom } from '../../core/room-words';
import { caretIn, groupCode } from './group-code';

describe('an access code as it is typed', () => {
  it('is grouped by four, in lower case, whatever stood between', () => {
    expect(groupCode('K7FM 2p9x/wq4d', '')).toBe('k7fm-2p9x-wq4d');
  });

  it('is left alone while something is deleted', () => {
    expect(groupCode('k7fm-', 'k7fm-2')).toBe('k7fm-');
  });
});

describe('the cursor in an access code', () => {
  it.each([
    ['k7fm', 'k7fm', 4],
    ['k7fm-2', 'k7fm2', 6],
    ['k7fm-2p9x', 'k7', 2],
    ['k7xf-m2p9', 'k7x', 3],
    ['k7fm-2p9x', 'k7fm-2', 6],
    ['k7fm-2p9x', '', 0],
    ['k7fm-2p9x', '  K7 F', 3],
  ])('stands in %j behind %j at %i', (grouped, before, at) => expect(caretIn(grouped, before)).toBe(at));
});

describe('a room link', () => {
  it.each([
    ['https://meet.example/r/abcd-efgh-1234', 'abcd-efgh-1234'],
    ['meet.example/r/abcd-efgh-1234?x#y', 'abcd-efgh-1234'],
    ['  ABCD-efgh-1234/ ', 'abcd-efgh-1234'],
    ['https://meet.example/R/Abcd-Efgh-1234.', 'abcd-efgh-1234'],
    ['<https://meet.example/r/abcd-efgh-1234>', 'abcd-efgh-1234'],
    ['(https://meet.example/r/abcd-efgh-1234),', 'abcd-efgh-1234'],
    ['https://meet.example//r//abcd–efgh–1234%20', 'abcd-efgh-1234'],
    ['abcd-efgh-1234%3E', 'abcd-efgh-1234'],
  ])('%s names a room', (link, slug) => expect(slugFrom(link)).toBe(slug));

  it.each(['', 'abc', 'https://meet.example/', 'two words', '../../etc'])('%s names none', (link) =>
    expect(slugFrom(link)).toBeNull(),
  );
});

describe('a device that does not open', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'in-use'],
    ['SomethingNew', 'failed'],
  ])('%s is told as %s', (name, cause) => {
    const problem = deviceProblem('camera', Object.assign(new Error(), { name }));
    expect(problem.cause).toBe(cause);
    expect(problem.text).toMatch(/\.$/);
  });
});
