import { ALIASES, COMMON_ZONES } from './zone-aliases.js';
import { isIanaZone } from './zones.js';

/** What Discord shows at most. */
const MAX_CHOICES = 25;

export interface ZoneChoice {
  /** `New York (America/New_York)`. */
  readonly name: string;
  /** The IANA name. */
  readonly value: string;
}

/** What can be typed for a zone, and the zone. */
interface Entry {
  readonly typed: string;
  readonly zone: string;
}

/** Zones for autocomplete by place, IANA name or common alias (`est`), best first, at most 25. */
export function zoneChoices(typed: string): ZoneChoice[] {
  const wanted = plain(typed);
  if (wanted === '') return COMMON_ZONES.map(choice);
  const ranked = entries()
    .map(({ typed: text, zone }) => ({ zone, rank: rank(text, wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank);
  const zones = new Set(ranked.map(({ zone }) => zone));
  return [...zones].slice(0, MAX_CHOICES).map(choice);
}

/** The zone somebody means who typed instead of choosing: `berlin`, `EST`, `europe/berlin`; null if unclear. */
export function zoneNamed(typed: string): string | null {
  const wanted = plain(typed);
  const found = entries().find(({ typed: text }) => text === wanted)?.zone;
  if (found !== undefined) return found;
  return isIanaZone(typed.trim()) ? typed.trim() : null;
}

const NO_MATCH = 3;

/** Whole, from its beginning, from the beginning of a word. */
function rank(text: string, wanted: string): number {
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  return text.includes(` ${wanted}`) || text.includes(`/${wanted}`) ? 2 : NO_MATCH;
}

let all: readonly Entry[] | null = null;

/** Common zones first, so that they win among equal ranks. */
function entries(): readonly Entry[] {
  if (all !== null) return all;
  const zones = new Set([...COMMON_ZONES, ...Intl.supportedValuesOf('timeZone')]);
  const aliases = ALIASES.map(([typed, zone]) => ({ typed, zone }));
  const named = [...zones].flatMap((zone) => [
    { typed: plain(place(zone)), zone },
    { typed: plain(zone), zone },
  ]);
  all = [...named, ...aliases];
  return all;
}

function choice(zone: string): ZoneChoice {
  return { name: zone === 'UTC' ? zone : `${place(zone)} (${zone})`, value: zone };
}

/** `New York` of `America/New_York`. */
function place(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

function plain(text: string): string {
  return text.trim().toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ');
}
