import { listText } from '../domain/text.js';
import type { Check, Status } from '../services/status/status.js';
import { whyText } from './failures/index.js';
import { firstLine } from './first-line.js';
import { clip, maskAccount } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { textPages } from './pages.js';
import type { View } from './view.js';

export function statusViews(status: Status): View[] {
  const checks: [string, Check][] = [
    ['Broker', status.broker],
    ['Account', status.standing],
    ['Account stream', status.stream],
    ['Market', status.market],
    ['Database', status.database],
    ['Discord gateway', status.gateway],
    ['Reminders', status.reminders],
    ['Placing orders', status.trading],
    ['Looking', status.looking],
  ];
  const odd = oddRowsLine(status.odd);
  const wrong = [
    ...checks.filter(([, { ok }]) => !ok).map(([name]) => name),
    ...(odd ? ['unreadable rows'] : []),
  ];
  const news = wrong.length > 0 ? `look at: ${listText(wrong)}` : 'all is well';
  const account = status.account ? `Account ${maskAccount(status.account)}` : 'Account not known yet';
  return textPages([
    { text: firstLine([`# ${status.environment}`, news]) },
    { text: account },
    ...checks.map(([name, { ok, text }]) => ({
      text: `${ok ? '🟢' : '🔴'} **${name}**: ${clip(whyText(text), 400)}`,
    })),
    ...(odd ? [{ text: odd }] : []),
    { text: `-# profit-target-bot ${status.version}` },
  ]);
}
