import { leaveUnsure } from '../domain/odd-rows.js';
import type { Check, Status } from '../services/status/status.js';
import { clip, maskAccount } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { COLOUR, LIMITS, type View } from './view.js';

export function statusView(status: Status): View {
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
  const account = status.account ? `Account ${maskAccount(status.account)}` : 'Account not known yet';
  const odd = oddRowsLine(status.odd);
  const lines = checks.map(([name, { ok, text }]) => `${ok ? '🟢' : '🔴'} **${name}**: ${clip(text, 400)}`);
  return {
    content: '',
    embeds: [
      {
        description: [`# ${status.environment}`, account, '', ...lines, ...(odd ? [odd] : [])]
          .join('\n')
          .slice(0, LIMITS.description),
        color: checks.every(([, { ok }]) => ok) && !leaveUnsure(status.odd) ? COLOUR.good : COLOUR.warn,
        footer: { text: `profit-target-bot ${status.version}` },
      },
    ],
    components: [],
  };
}
