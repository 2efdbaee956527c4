// `npm run bench` [commands | reminders]: everything is measured side by side in one run.
import { benchCommands } from './commands.mjs';
import { benchReminders } from './reminders.mjs';

const subjects = { commands: benchCommands, reminders: benchReminders };
const [only] = process.argv.slice(2);
for (const [name, bench] of Object.entries(subjects)) {
  if (only === undefined || only === name) await bench();
}
