// `npm run bench` [commands | reminders | history | stream | pictures]: everything is measured side by side in one run.
import { benchCommands } from './commands.mjs';
import { benchHistory } from './history.mjs';
import { benchPictures } from './pictures.mjs';
import { benchReminders } from './reminders.mjs';
import { benchStream } from './stream.mjs';

const subjects = {
  commands: benchCommands,
  reminders: benchReminders,
  history: benchHistory,
  stream: benchStream,
  pictures: benchPictures,
};
const [only, ...how] = process.argv.slice(2);
for (const [name, bench] of Object.entries(subjects)) {
  if (only === undefined || only === name) await bench(...how);
}
