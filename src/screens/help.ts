import type { Environment } from '../domain/environment.js';
import { textPages } from './pages.js';
import type { View } from './view.js';

const WHAT = `I turn your option positions into good-til-cancelled closing orders at their profit targets. **Nothing is ever sent until you press Submit.**`;

const GOOD_TO_KNOW = `**Good to know about \`/targets\`**
• \`percent:40\` instead of the strategy’s own rule
• \`price:1.25\` sets the limit yourself; it must be on the price grid
• \`ladder:40,60\` splits the quantity over several targets
• \`leave_naked:True\` also sells a long leg that covers a short one; the preview says what is left
• \`dry_run:True\` shows everything and can’t send anything

**And about \`/close\`**
• \`at:natural\` fills at once; \`at:mid\` may rest, and **Step…** under its result moves it a tick nearer
• \`portion:1/2\` closes a part
• Targets that hold its contracts are cancelled first, once you press Submit

A preview counts down. Only you can submit yours, once. If the position changed meanwhile, nothing is sent and I say why. If the broker’s answer gets lost, I say **unknown**, look the order up, and never send it twice.`;

/** @param commands in the words in which Discord offers them too */
export function helpViews(
  environment: Environment,
  commands: readonly { name: string; description: string }[],
): View[] {
  return textPages([
    { text: `**Profit targets for option positions**\n${WHAT}\n` },
    ...commands.map(({ name, description }) => ({ text: `**/${name}** – ${description}` })),
    { text: GOOD_TO_KNOW, apart: true },
    { text: `-# **${environment}**` },
  ]);
}
