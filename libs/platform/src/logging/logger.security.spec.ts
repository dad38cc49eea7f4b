import { Logger as NestConsole } from '@nestjs/common';
import { DomainError } from '@conclave/errors';
import { OperatorError } from '../operator-error.js';
import { RequestScope } from '../scope/request-scope.js';
import { createLogger, type Logger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { looksSensitive, scrub } from './scrub.js';

/** What people type and what machines keep secret, in the shapes in which they come. */
const CANARIES = {
  name: 'Zoë Canary-Müller',
  email: 'zoe.canary@example.org',
  message: 'the merger is signed on canary day',
  fileName: 'Canary Quarterly (final).xlsx',
  password: 'correct horse canary staple',
  personalToken: 'cnv_CANARYaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8',
  jwt: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ',
  query: 'https://meet.example/rtc?access_token=canaryCANARYcanary&auto=1',
  fragment: 'https://meet.example/invite#canaryCANARYcanary',
  cookie: '__Host-sid=CANARYcanary123; Path=/',
  cookieHeader: 'Cookie: theme=canaryCANARY',
  bearer: 'Authorization: Bearer CANARYcanary.456',
  databaseUrl: 'postgres://rooms:canary-pw@127.0.0.1:5432/rooms',
  seed: 'SUACANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARY',
  key: '-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----',
  opaque: 'Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ',
} as const;

const NEEDLE = /canary|Zo[eë]|merger|Q0FOQVJZ|eyJ/i;

function recorder(): { logger: Logger; text: () => string; lines: () => Record<string, unknown>[] } {
  let text = '';
  const logger = createLogger('rooms', { level: 'debug', destination: { write: (line) => void (text += line) } });
  const lines = () =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, text: () => text, lines };
}

/** Everything a log call can be given, in every place. */
function say(logger: Logger, canary: string): void {
  const anything: Record<string, unknown> = {
    name: canary,
    email: canary,
    password: canary,
    [canary]: 'as a key',
    req: { headers: { cookie: canary, authorization: canary }, url: canary },
    error: Object.assign(new Error(canary), { detail: canary, query: canary, parameters: [canary] }),
    userId: canary,
    roomId: canary,
    joinId: canary,
    count: canary,
    retryable: canary,
    nested: { deep: [canary] },
  };
  logger.info('a thing happened', anything);
  logger.child(anything).warn('by a child', anything);
  logger.error('failed', { error: new Error('outer', { cause: new TypeError(canary, { cause: canary }) }) });
  logger.error('failed', { error: canary });
  logger.error('failed', { error: Object.assign(new Error('x'), { name: canary, code: canary, constraint: canary }) });
  const multiline = new Error(`first\n    at ${canary} (${canary}:1:1)\nsecond ${canary}`);
  logger.error('failed', { error: multiline });
  const forged = new Error('x');
  forged.stack = `${canary}\n    at ${canary}\n    at f (file:///a.js?token=${canary}:1:1)`;
  logger.error('failed', { error: forged });
  try {
    JSON.parse(`{"text": "${canary}"`);
  } catch (error) {
    logger.error('failed', { error });
  }
  const nest = new NestLogger(logger);
  nest.log(canary, canary);
  nest.log({ canary }, 'RoutesResolver');
  nest.warn(canary, canary);
  nest.error(canary, `Error: ${canary}\n    at ${canary}`, canary);
  nest.error(new Error(canary), 'ExceptionsHandler');
  nest.debug(canary);
  nest.verbose(canary);
  nest.fatal(canary);
  const scope = { correlationId: canary, traceparent: canary, principalUserIdHash: canary };
  RequestScope.run({ ...RequestScope.enter(scope), principalUserIdHash: canary }, () => logger.info('in a request'));
}

describe('the log', () => {
  it.each(Object.entries(CANARIES))('says nothing of a %s, wherever it is put', (_kind, canary) => {
    const { logger, text, lines } = recorder();
    say(logger, canary);
    expect(lines().length).toBeGreaterThan(15);
    expect(text()).not.toMatch(NEEDLE);
  });

  it.each(Object.entries(CANARIES).filter(([kind]) => !['name', 'message', 'fileName', 'password'].includes(kind)))(
    'takes a %s even out of the words of our own errors and messages',
    (_kind, canary) => {
      const { logger, text } = recorder();
      logger.error('failed', { error: new DomainError('INTERNAL', { message: `about ${canary}` }) });
      logger.error('failed', { error: new OperatorError(`about ${canary}`) });
      logger.error(`failed ${canary}` as 'failed');
      for (const field of ['subject', 'route', 'code', 'reason', 'host', 'component'] as const) {
        logger.info('a word', { [field]: canary });
      }
      expect(text()).not.toMatch(NEEDLE);
    },
  );

  it('words with a space in a word field are withheld and counted', () => {
    const { logger, lines } = recorder();
    logger.info('a word', { state: CANARIES.name, outcome: 'ok' });
    expect(lines()[0]).toMatchObject({ outcome: 'ok', withheld: 1 });
  });

  it('a line cannot be forged', () => {
    const { logger, lines } = recorder();
    logger.warn('x\n{"level":"error"}' as 'x', { state: 'a\nb' });
    logger.error('failed', { error: new OperatorError('a\u2028b\u202ec\u001b[31m') });
    expect(lines()).toHaveLength(2);
    expect(JSON.stringify(lines())).not.toMatch(/\\n|\\u|\u2028|\u202e/);
  });

  it('the framework has no other way out than the redacting logger', () => {
    const { logger, text } = recorder();
    NestConsole.overrideLogger(new NestLogger(logger));
    new NestConsole('Ctx').error(CANARIES.message, CANARIES.name);
    NestConsole.overrideLogger(false);
    expect(text()).toContain('nest failed');
    expect(text()).not.toMatch(NEEDLE);
  });
});

describe('what the log does say', () => {
  it('service, level, message, time, and the allowed fields', () => {
    const { logger, lines } = recorder();
    const roomId = '0195f3a4-7c00-7000-8000-000000000001';
    logger.info('room deleted', { roomId, durationMs: 12, subject: 'conclave.rooms.v1.RoomsService.DeleteRoom' });
    expect(lines()[0]).toMatchObject({
      level: 'info',
      service: 'rooms',
      message: 'room deleted',
      roomId,
      durationMs: 12,
      subject: 'conclave.rooms.v1.RoomsService.DeleteRoom',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('correlation and trace of the request', () => {
    const { logger, lines } = recorder();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    RequestScope.run({ correlationId: 'f3c1-2222', traceparent }, () => logger.info('in a request'));
    expect(lines()[0]).toMatchObject({
      correlation_id: 'f3c1-2222',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
    });
  });

  it('an error by name, reason, code and frames, and its causes', () => {
    const { logger, lines } = recorder();
    const driver = Object.assign(new Error('duplicate key (email)=(zoe.canary@example.org)'), {
      code: '23505',
      constraint: 'user_email_unique',
    });
    const error = new DomainError('EMAIL_TAKEN', { cause: driver, message: 'address in use' });
    logger.error('sign-up failed', { error });
    expect(lines()[0]?.['error']).toMatchObject({
      name: 'DomainError',
      reason: 'EMAIL_TAKEN',
      message: 'address in use',
      stack: expect.arrayContaining([expect.stringContaining('logger.security.spec.ts')]),
      cause: { name: 'Error', code: '23505', constraint: 'user_email_unique' },
    });
  });

  it('the words of the engine about code, for without them a bug cannot be found', () => {
    const { logger, lines } = recorder();
    logger.error('failed', { error: new TypeError("Cannot read properties of undefined (reading 'roomId')") });
    expect(lines()[0]?.['error']).toMatchObject({ message: expect.stringContaining("reading 'roomId'") });
  });

  it('an id that is no UUID as a hash that still correlates', () => {
    const { logger, lines } = recorder();
    logger.info('a', { joinId: 'opaque-join-id' });
    logger.info('b', { joinId: 'opaque-join-id' });
    expect(lines()[0]?.['joinId']).toMatch(/^h:[0-9a-f]{12}$/);
    expect(lines()[0]?.['joinId']).toBe(lines()[1]?.['joinId']);
  });
});

describe('scrub', () => {
  it.each([
    'conclave.rooms.v1.InvitationsService.CreateInvitation',
    '/api/v1/rooms/{slug}/files/{id}/content',
    '127.0.0.1:5432',
    'Migration20261123_first',
    '0195f3a4-7c00-7000-8000-000000000001',
    'room.deleted',
  ])('leaves %s alone', (text) => {
    expect(scrub(text)).toBe(text);
    expect(looksSensitive(text)).toBe(false);
  });
});
