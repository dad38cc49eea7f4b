import { MendedAddresses } from './mended-address';

describe('an address', () => {
  it.each([
    ['/r/board-room-1/files', '/r/board-room-1/files'],
    ['/sign-in?returnUrl=%2Fr%2FBoard#Top', '/sign-in?returnUrl=%2Fr%2FBoard#Top'],
    ['/invite#cnv_inv_AbC-_9', '/invite#cnv_inv_AbC-_9'],
    ['/', '/'],
    ['', '/'],
    ['/R/Board-Room-1/', '/r/board-room-1'],
    ['//r//board-room-1', '/r/board-room-1'],
    ['/r/board-room-1.', '/r/board-room-1'],
    ['/r/board-room-1),', '/r/board-room-1'],
    ['/r/board-room-1%3E', '/r/board-room-1'],
    ['/r/%3Cboard-room-1%3E', '/r/board-room-1'],
    ['/r/board-room-1%20', '/r/board-room-1'],
    ['/r/board-%20room-1', '/r/board-room-1'],
    ['/r/board%E2%80%93room%E2%80%931', '/r/board-room-1'],
    ['/r/board-room-1%E2%80%A6', '/r/board-room-1'],
    ['/r/board-room-1%22/files', '/r/board-room-1/files'],
    ['/r/board-room-1%', '/r/board-room-1'],
    ['/r/board-room-1.?x=Y', '/r/board-room-1?x=Y'],
    ['/Settings/', '/settings'],
    ['/no.such.page', '/no.such.page'],
  ])('%s is read as %s', (typed, read) => {
    const addresses = new MendedAddresses();
    expect(addresses.serialize(addresses.parse(typed))).toBe(read);
  });
});
