import { listText } from '../domain/text.js';
import type { AccountStatus, Check, Status } from '../services/status/status.js';
import { accountList, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { clip, timestamp } from './format.js';
import { haltText } from './halt.js';
import { oddRowsLine } from './odd-rows.js';
import { textPages } from './pages.js';
import { seenText } from './status-words.js';
import { missingText } from './unread-accounts.js';
import type { View } from './view.js';

export function statusViews(status: Status): View[] {
  const checks: [string, Check][] = [
    ['Broker', status.broker],
    ...status.accounts.flatMap(accountChecks),
    ['Market', status.market],
    ['Database', status.database],
    ['Discord gateway', status.gateway],
    ['Reminders', status.reminders],
    ['Placing orders', status.halt ? { ok: false, seen: haltText(status.halt) } : status.trading],
    ['Looking', status.looking],
  ];
  const odd = oddRowsLine(status.odd);
  const missing = status.missing.map((each) => `🔴 ${missingText(each)}`);
  const steps = oddStepsLine(status.oddSteps);
  const wrong = [
    ...checks.filter(([, { ok }]) => !ok).map(([name]) => name),
    ...(missing.length > 0 ? ['missing accounts'] : []),
    ...(odd ? ['unreadable rows'] : []),
    ...(steps ? ['odd steps'] : []),
  ];
  const news = wrong.length > 0 ? `look at: ${listText(wrong)}` : 'all is well';
  return textPages([
    { text: firstLine([`# ${status.environment}`, news]) },
    { text: accountsText(status.accounts) },
    ...checks.map(([name, { ok, seen }]) => ({
      text: `${ok ? '🟢' : '🔴'} **${name}**: ${clip(seenText(seen), 400)}`,
    })),
    ...missing.map((text) => ({ text })),
    ...[odd, steps].flatMap((text) => (text ? [{ text }] : [])),
    { text: `-# profit-target-bot ${status.version}` },
  ]);
}

/** `Account …0001`, or all of several. */
function accountsText(accounts: readonly AccountStatus[]): string {
  const names = accounts.flatMap(({ name }) => name ?? []);
  if (names.length === 0) return 'Account not known yet';
  return `${names.length > 1 ? 'Accounts' : 'Account'} ${accountList(names)}`;
}

/** Of one of several each row says which it is about. */
function accountChecks({ name, standing, stream }: AccountStatus): [string, Check][] {
  const which = name ? whichAccount(name) : '';
  const named = (what: string) => (which === '' ? what : `${what} ${which}`);
  return [
    [named('Account'), standing],
    [named('Account stream'), stream],
  ];
}

function oddStepsLine(steps: Status['oddSteps']): string | null {
  if (!steps?.last) return null;
  const { of, id, from, to, at } = steps.last;
  const name = of === 'order' ? `order ${id}` : `position #${id}`;
  const times = steps.count === 1 ? 'once' : `${steps.count} times`;
  return `🔴 **Odd steps**: in the last 7 days the broker told ${times} a step that can’t be, the last of ${name} from ${from} to ${to} ${timestamp(at)}. I kept to what is safe; look at it at the broker.`;
}
