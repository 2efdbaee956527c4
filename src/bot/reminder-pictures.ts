import type { Logger } from 'pino';
import type { Pictures } from '../ports/pictures.js';
import { reminderPicture } from '../screens/pictures/index.js';
import type { ReminderContent } from '../services/reminders/content.js';
import type { DiscordChannel } from './channel.js';

/** Adds a picture to what a reminder has told, once it is out; nobody waits for it, and where it fails that is logged. */
export function reminderPictures(deps: {
  channel: Pick<DiscordChannel, 'attach'>;
  pictures: Pictures;
  log: Logger;
}): (content: ReminderContent, refs: readonly string[]) => void {
  const illustrate = async (content: ReminderContent, ref: string | undefined) => {
    const picture = reminderPicture(content);
    if (!picture || ref === undefined) return;
    const { name, alt, svg } = picture;
    const bytes = await deps.pictures.draw(svg);
    if (bytes) await deps.channel.attach(ref, { name, alt, bytes });
  };
  return (content, refs) => {
    illustrate(content, refs.at(-1)).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a reminder got no picture'),
    );
  };
}
