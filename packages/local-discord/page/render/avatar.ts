import { displayName } from '../state/people.js';
import type { User } from '../types.js';

const COLOURS = ['#5865f2', '#3ba55c', '#c27c0e', '#ad1457', '#0097a7', '#7289da'];

/** The user's picture, or a drawn initial: pictures of Discord's own CDN are never asked for. */
export function avatarUrl(user: User): string {
  if (user.avatar_url && isLocal(user.avatar_url)) return user.avatar_url;
  const colour =
    COLOURS[Number((BigInt(/^\d+$/.test(user.id) ? user.id : '0') >> 22n) % BigInt(COLOURS.length))];
  const initial = [...displayName(user)][0]?.toUpperCase() ?? '?';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${colour}"/>` +
    (user.bot ? ROBOT : `<text ${TEXT}>${escapeXml(initial)}</text>`) +
    '</svg>';
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const TEXT =
  'x="20" y="20" dy=".36em" text-anchor="middle" font-family="sans-serif" font-size="19" font-weight="600" fill="#fff"';
const ROBOT =
  '<g fill="#fff"><rect x="10" y="14" width="20" height="15" rx="4"/><rect x="19" y="8" width="2" height="6"/>' +
  '<circle cx="20" cy="8" r="2"/></g><g fill="#23272a"><circle cx="16" cy="21" r="2"/><circle cx="24" cy="21" r="2"/>' +
  '<rect x="16" y="25" width="8" height="1.6" rx=".8"/></g>';

/** On this server, by whichever of its two names the page was opened. */
function isLocal(url: string): boolean {
  try {
    return ['127.0.0.1', 'localhost', location.hostname].includes(new URL(url, location.href).hostname);
  } catch {
    return false;
  }
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
