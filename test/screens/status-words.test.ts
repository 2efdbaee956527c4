import { expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { statusViews } from '../../src/screens/status.js';
import type { Check, Status } from '../../src/services/status/status.js';
import { NAME } from '../services/support/builders.js';

const fine: Check = { ok: true, seen: 'fine' };

function status(change: Partial<Status> = {}): Status {
  return {
    environment: 'PAPER',
    version: '1.0.0',
    accounts: [{ name: NAME, standing: fine, stream: fine }],
    missing: [],
    gateway: fine,
    broker: fine,
    database: fine,
    market: fine,
    reminders: fine,
    trading: fine,
    halt: null,
    oddSteps: null,
    looking: fine,
    odd: [],
    ...change,
  };
}

const textOf = (shown: Status) =>
  statusViews(shown)
    .map(({ content }) => content)
    .join('\n');

it('says in words why something can’t be looked at, never a code', () => {
  const lost: Check = { ok: false, seen: new UserError('ACCOUNT_UNKNOWN', { there: ['0001'], named: 1 }) };
  const text = textOf(status({ accounts: [{ name: null, standing: lost, stream: fine }], broker: lost }));
  expect(text).toContain('Account not known yet');
  expect(text).toContain('…0001');
  expect(text).not.toMatch(/ACCOUNT_UNKNOWN|\{/);
});

it('of one account, it needs no name; of several each row has one, and a missing one is told', () => {
  expect(textOf(status())).toContain(
    'Account …0001\n🟢 **Broker**: fine\n🟢 **Account**: fine\n🟢 **Account stream**',
  );
  const [margin, ira] = [
    { digits: '1111', nickname: 'Margin', oneOfSeveral: true },
    { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true },
  ];
  const frozen: Check = { ok: false, seen: 'frozen' };
  const text = textOf(
    status({
      accounts: [
        { name: margin ?? NAME, standing: fine, stream: fine },
        { name: ira ?? NAME, standing: frozen, stream: fine },
      ],
      missing: [{ why: 'not-open', number: '5WX03333' }],
    }),
  );
  expect(text).toContain('Accounts …1111 (Margin) and …2222 (Roth IRA)');
  expect(text).toContain('🟢 **Account …1111 (Margin)**: fine\n🟢 **Account stream …1111 (Margin)**: fine');
  expect(text).toContain('🔴 **Account …2222 (Roth IRA)**: frozen');
  expect(text).toContain('🔴 **Account …3333 is not among the login’s open accounts.**');
  expect(text).toMatch(/^# PAPER · look at: Account …2222 \(Roth IRA\) and missing accounts\n/);
  expect(text).not.toContain('5WX03333');
});

it('tells of steps that can’t be, how many and the last, and is not all well then', () => {
  const last = {
    of: 'order' as const,
    id: '417',
    from: 'cancelled',
    to: 'live',
    at: new Date('2026-12-01T15:00:00Z'),
  };
  const text = textOf(status({ oddSteps: { count: 3, last } }));
  expect(text).toContain('look at: odd steps');
  expect(text).toMatch(/told 3 times a step that can’t be, the last of order 417 from cancelled to live <t:/);
  const position = { ...last, of: 'position' as const, id: '37', from: 'closed', to: 'open' };
  const once = textOf(status({ oddSteps: { count: 1, last: position } }));
  expect(once).toContain('told once a step that can’t be, the last of position #37 from closed to open');
  expect(textOf(status({ oddSteps: { count: 0, last: null } }))).toContain('all is well');
});
