import { ButtonStyle } from 'discord.js';
import type { Environment } from '../domain/environment.js';
import type { Halt } from '../ports/halts.js';
import { button, row } from './components.js';
import { customId } from './custom-ids.js';
import { personText, quoted, timestamp } from './format.js';
import { textView } from './pages.js';
import type { Row, View } from './view.js';

const REASON_LENGTH = 200;

/** Who halted sending, since when and why, without a full stop. */
export function haltText({ by, at, reason }: Halt): string {
  const why = reason === null ? '' : `: ${quoted(reason, REASON_LENGTH)}`;
  return `halted by ${personText(by)} ${timestamp(at)}${why}`;
}

/** The state of the switch, with what leads on from there. */
export function haltView(halt: Halt | null, environment: Environment): View {
  if (!halt) return textView(['🟢 **Nothing is halted: orders can be sent.**', `-# **${environment}**`]);
  return textView(
    [
      '🛑 **Sending is halted: no order leaves.**',
      `It was ${haltText(halt)}.`,
      'Every Submit is refused, in each of my processes and after a restart too, until a trader resumes. What works at the broker goes on working: `/orders` lists it.',
      `-# **${environment}**`,
    ],
    buttons(halt, [['ask', 'Resume…', ButtonStyle.Secondary]]),
  );
}

/** Gaining the right to send is asked about once more. */
export function resumeQuestionView(halt: Halt, environment: Environment): View {
  return textView(
    [
      '⚠️ **Resume sending?**',
      `It was ${haltText(halt)}.`,
      'From then on each preview’s Submit sends its orders again. Nothing is sent by resuming itself.',
      `-# **${environment}**`,
    ],
    buttons(halt, [
      ['yes', 'Yes, resume', ButtonStyle.Danger],
      ['keep', 'Keep it halted', ButtonStyle.Secondary],
    ]),
  );
}

/** It is over: who said so, and what it was. */
export function resumedView(halt: Halt, by: string, environment: Environment): View {
  return textView([
    `🟢 **Sending is resumed** by ${personText(by)}.`,
    `It was ${haltText(halt)}.`,
    `-# **${environment}**`,
  ]);
}

function buttons(
  { at }: Halt,
  which: readonly (readonly ['ask' | 'yes' | 'keep', string, ButtonStyle.Secondary | ButtonStyle.Danger])[],
): Row[] {
  return [row(which.map(([part, label, style]) => button(customId('resume', part, at), label, style)))];
}
