import { ResvgPictures } from '../pictures/resvg-pictures.js';
import type { Secrets } from '../ports/secrets.js';
import { FAULTS, SEEN } from '../screens/doctor.js';
import { drawing, label } from '../screens/pictures/svg.js';
import type { Settings } from '../settings/schema.js';
import { Finding, type Found } from './checklist.js';

/** Draws one as the bot would. */
export async function checkPictures(
  { PICTURES: wanted }: Pick<Settings, 'PICTURES'>,
  secrets: Secrets,
): Promise<Found<true>> {
  if (!wanted) return [true, SEEN.noPictures];
  const pictures = new ResvgPictures(secrets);
  try {
    const png = await pictures.draw(drawing(40, [label({ x: 12, y: 24, text: 'profit-target-bot' })]));
    return [true, SEEN.picture(png?.length ?? 0)];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Finding(FAULTS.noPictures(why));
  } finally {
    await pictures.stop();
  }
}
