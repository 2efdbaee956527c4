/** Formats of Discord's `<t:unix:style>`; English like the page's own texts, in the reader's time zone. */
const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  t: { hour: 'numeric', minute: '2-digit' },
  T: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  d: { year: 'numeric', month: '2-digit', day: '2-digit' },
  D: { year: 'numeric', month: 'long', day: 'numeric' },
  f: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  F: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' },
  s: { year: 'numeric', month: '2-digit', day: '2-digit', hour: 'numeric', minute: '2-digit' },
  S: {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  },
};

/** Largest first: the unit is the first that fits once into the distance. */
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `unix` in seconds, `nowMs` in milliseconds since the epoch; `style` one of t T d D f F R s S. */
export function formatTimestamp(unix: number, style: string, nowMs: number, timeZone?: string): string {
  if (style === 'R') return formatRelative(unix - Math.floor(nowMs / 1000));
  const options = STYLES[style] ?? STYLES.f ?? {};
  return new Intl.DateTimeFormat('en-US', timeZone ? { ...options, timeZone } : options).format(unix * 1000);
}

function formatRelative(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  const count = Math.trunc(seconds / size);
  return count === 0 ? 'now' : relative.format(count, unit);
}

/** A message's own time as Discord shows it: "Today at 3:04 PM", "Yesterday at …", else the date. */
export function formatMessageTime(iso: string, nowMs: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const clock = formatTimestamp(at.getTime() / 1000, 't', nowMs);
  const days = Math.round((dayStart(new Date(nowMs)) - dayStart(at)) / 86_400_000);
  if (days === 0) return `Today at ${clock}`;
  if (days === 1) return `Yesterday at ${clock}`;
  return `${formatTimestamp(at.getTime() / 1000, 'd', nowMs)} ${clock}`;
}

function dayStart(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
