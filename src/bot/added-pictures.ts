import type { Logger } from 'pino';
import type { Pictures } from '../ports/pictures.js';
import type { Picture } from '../screens/pictures/svg.js';
import type { DiscordChannel } from './channel.js';

/** Adds a picture to the last page of what is out, in place of the one it has; null where there is nothing to draw. */
export type Illustrate = (make: () => Picture | null, refs: readonly string[]) => void;

/** Adds pictures to what the bot has told of its own accord; nobody waits for one, and where it fails that is logged. */
export function addedPictures(deps: {
  channel: Pick<DiscordChannel, 'attach'>;
  pictures: Pictures;
  log: Logger;
}): Illustrate {
  const add = async (make: () => Picture | null, ref: string | undefined) => {
    if (ref === undefined) return;
    const picture = make();
    if (!picture) return;
    const { name, alt, svg } = picture;
    const bytes = await deps.pictures.draw(svg);
    if (bytes) await deps.channel.attach(ref, { name, alt, bytes });
  };
  return (make, refs) => {
    add(make, refs.at(-1)).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'a message got no picture'),
    );
  };
}
