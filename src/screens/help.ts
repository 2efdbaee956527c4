import type { Environment } from '../domain/environment.js';
import { textView } from './pages.js';
import type { View } from './view.js';

const TEXT = `I turn your option positions into good-til-cancelled closing orders at their profit targets. **Nothing is ever sent until you press Submit.**

**/positions** – what you hold, grouped into strategies, each with an id that never changes, such as #37
**/targets** – preview closing orders for one position, or for \`all\` that have none
**/orders** – closing orders that work at the broker now
**/history** – what closed positions made, to the cent
**/remind** – be told in time: missing targets, expirations, working orders, the day, your own notes
**/setup** – sensible reminders for this channel by one button · **/settings timezone** – your own clock
**/halt** – stop all sending at once · **/resume** – allow it again
**/status** – environment, account, and whether everything is well

**Good to know about \`/targets\`**
• \`percent:40\` instead of the strategy’s own rule
• \`price:1.25\` sets the limit yourself; it must be on the price grid
• \`ladder:40,60\` splits the quantity over several targets
• \`leave_naked:True\` also sells a long leg that covers a short one; the preview says what is left
• \`dry_run:True\` shows everything and can’t send anything

A preview counts down. Only you can submit yours, once. If the position changed meanwhile, nothing is sent and I say why. If the broker’s answer gets lost, I say **unknown**, look the order up, and never send it twice.`;

export function helpView(environment: Environment): View {
  return textView(['**Profit targets for option positions**', TEXT, `-# **${environment}**`]);
}
