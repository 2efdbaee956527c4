import { expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { statusViews } from '../../src/screens/status.js';
import type { Check, Status } from '../../src/services/status/status.js';

it('says in words why something can’t be looked at, never a code', () => {
  const fine: Check = { ok: true, text: 'fine' };
  const lost: Check = { ok: false, text: new UserError('ACCOUNT_UNKNOWN', { there: ['0001'], named: 1 }) };
  const status: Status = {
    environment: 'PAPER',
    version: '1.0.0',
    account: null,
    gateway: fine,
    broker: lost,
    standing: lost,
    stream: fine,
    database: fine,
    market: fine,
    reminders: fine,
    trading: fine,
    looking: fine,
    odd: [],
  };
  const text = statusViews(status)
    .map(({ content }) => content)
    .join('\n');
  expect(text).toContain('…0001');
  expect(text).not.toMatch(/ACCOUNT_UNKNOWN|\{/);
});
