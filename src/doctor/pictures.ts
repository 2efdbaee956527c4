import { ResvgPictures } from '../pictures/resvg-pictures.js';
import type { Secrets } from '../ports/secrets.js';
import { drawing, label } from '../screens/pictures/svg.js';
import type { Settings } from '../settings/settings.js';
import { Finding, type Found } from './checklist.js';

/** Draws one as the bot would. */
export async function checkPictures(
  { PICTURES: wanted }: Pick<Settings, 'PICTURES'>,
  secrets: Secrets,
): Promise<Found<true>> {
  if (!wanted) return [true, 'off'];
  const pictures = new ResvgPictures(secrets);
  try {
    const png = await pictures.draw(drawing(40, [label({ x: 12, y: 24, text: 'profit-target-bot' })]));
    return [true, `can be drawn (${png?.length} bytes)`];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Finding(
      `none can be drawn: ${why}`,
      'Run npm ci on this machine, or set PICTURES=off: the bot says everything in words as well.',
    );
  } finally {
    await pictures.stop();
  }
}
