import { toldDirectly } from '../screens/told-directly.js';
import type { View } from '../screens/view.js';
import type { Surface } from '../services/telling/projector.js';

const SNOWFLAKE = /^\d{17,20}$/;

/**
 * Plans of the command line too: what its process couldn't tell is at least logged here. Discord counts requests that
 * make no sense, and shuts out who sends many.
 */
export function placeOf(channelId: string): 'here' | 'log' {
  return SNOWFLAKE.test(channelId) ? 'here' : 'log';
}

export const discordSurface: Surface<View> = { place: placeOf, elsewhere: toldDirectly };
