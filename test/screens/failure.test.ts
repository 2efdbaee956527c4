import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BrokerLoginError,
  BrokerProtocolError,
  BrokerRefusal,
  BrokerUnreachable,
  DatabaseFailure,
  OutcomeUnknown,
  UserError,
} from '../../src/domain/errors.js';
import { failureOf } from '../../src/screens/failure.js';
import { outside } from '../commands/support/arbitraries.js';
import { d } from '../domain/build.js';

const anyError = fc.oneof(
  outside.map((said) => new UserError('NOT_SENT', { because: { unread: { said } } })),
  outside.map((said) => new UserError('DATABASE_UNREACHABLE', { name: 'x', said })),
  fc.array(outside).map((known) => new UserError('KIND_UNKNOWN', { typed: 'x', known })),
  outside.map((text) => new BrokerUnreachable(text)),
  outside.map((text) => new BrokerLoginError(text)),
  fc.tuple(outside, fc.array(outside, { maxLength: 20 })).map(
    ([text, more]) =>
      new BrokerRefusal(
        422,
        'x',
        text,
        more.map((message) => ({ code: 'y', message })),
      ),
  ),
  outside.map((text) => new BrokerProtocolError(text)),
  outside.map((text) => new DatabaseFailure('full', new Error(text))),
  outside.map((text) => new OutcomeUnknown(text)),
  outside.map((text) => new TypeError(text)),
  fc.anything(),
);

describe('failureOf', () => {
  it('always says whether something was sent, however long the rest, and fits a message', () => {
    fc.assert(
      fc.property(anyError, fc.boolean(), (error, money) => {
        const { title, text } = failureOf(error, money);
        expect(text).toMatch(/\b(was sent|sent nothing|never sends)\b/i);
        expect(title.length).toBeGreaterThan(0);
        expect(`⚠️ **${title}**\n${text}`.length).toBeLessThanOrEqual(1900);
      }),
      { numRuns: 500 },
    );
  });

  it('never claims that nothing was sent where that isn’t known', () => {
    for (const error of [
      new TypeError('bug'),
      new OutcomeUnknown('cut'),
      new BrokerProtocolError('odd'),
      null,
      'odd',
    ]) {
      expect(failureOf(error, true).text).toContain('can’t say for sure whether an order was sent');
      expect(failureOf(error, true).text).not.toContain('Nothing was sent');
      expect(failureOf(error, false).text).toContain('Nothing was sent');
    }
  });

  it('shows nothing of an unexpected error: its text may hold anything', () => {
    for (const money of [true, false]) {
      const { title, text, level } = failureOf(new Error('token abc123 in /home/bot'), money);
      expect(title + text).not.toMatch(/abc123|\/home/);
      expect(level).toBe('error');
    }
  });

  it('keeps what the error says of itself, and its way on', () => {
    const said = new UserError('ALREADY_SUBMITTED', {}, 'nothing-more');
    expect(failureOf(said, true)).toEqual({
      title: 'Already submitted',
      text:
        'This preview was already submitted. This press sent nothing more.\n' +
        'Its result comes as a message in the channel; `/orders` shows what works.',
      level: 'info',
    });
    const slip = new UserError('PRICE_OFF_TICK', {
      price: d('1.23'),
      valid: { tick: d('0.05'), below: d('1.20'), above: d('1.25') },
    });
    expect(failureOf(slip, false).text).toBe(
      '1.23 is not a valid price: the tick here is 0.05.\nNothing was sent.\nTry 1.20 or 1.25.',
    );
  });

  it('has every reason of a refusal', () => {
    const refusal = new BrokerRefusal(422, 'x', 'Checks failed', [
      { code: 'a', message: 'Too many' },
      { code: 'b', message: '' },
      { code: 'c', message: 'Too late' },
    ]);
    expect(failureOf(refusal, false).text).toBe('Checks failed\n• Too many\n• Too late\nNothing was sent.');
  });

  it('doesn’t take the blame for an answer of the broker’s that can’t be read', () => {
    const { title, text, level } = failureOf(
      new BrokerProtocolError('The broker’s answer is not JSON'),
      false,
    );
    expect(title).toContain('The broker’s answer');
    expect(text).toContain('The broker’s answer is not JSON.\nNothing was sent. Try again in a minute.');
    expect(level).toBe('error');
  });

  it('whose slip it is decides how loud the log takes it', () => {
    expect(failureOf(new UserError('DRY_RUN', {}), true).level).toBe('info');
    expect(failureOf(new BrokerUnreachable('x'), true).level).toBe('warn');
    expect(failureOf(new BrokerRefusal(422, 'x', 'x'), true).level).toBe('warn');
    expect(failureOf(new BrokerLoginError('x'), true).level).toBe('error');
  });
});
