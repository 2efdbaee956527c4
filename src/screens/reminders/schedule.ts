import { DateTime } from 'luxon';
import { EXCHANGE_ZONE } from '../../domain/calendar/exchange.js';
import type { Environment } from '../../domain/environment.js';
import { countText } from '../../domain/text.js';
import { parseWhen } from '../../domain/when/parse.js';
import { isOneTime, type When } from '../../domain/when/when.js';
import type { Reminder } from '../../ports/reminder-store.js';
import { OPTION_NAMES, type ReminderOptions } from '../../services/reminders/options.js';
import type { ShownReminder } from '../../services/reminders/reminder-service.js';
import { firstLine } from '../first-line.js';
import { clip } from '../format.js';
import { textPages, textView } from '../pages.js';
import { reasonText } from '../reasons.js';
import type { View } from '../view.js';
import { kindTitle } from './kind-words.js';
import { optionText } from './option-words.js';

const LISTED_TEXT = 80;
const LISTED_REASON = 300;
/** Of reminders that were for one time and are over, so many are listed. */
const OVER_SHOWN = 5;

/** One reminder after something was done to it, with its next runs. */
/** @param doubt what of it may not be meant so, in words; null for nothing */
export function scheduleView(
  shown: ShownReminder,
  done: string,
  environment: Environment,
  doubt: string | null = null,
): View {
  const { reminder, runs, readerZone } = shown;
  const next =
    runs.length > 0
      ? ['**Next**', ...runs.map((run) => `• ${runText(run, readerZone)}`)]
      : [reminder.state === 'paused' ? 'It stays silent until you resume it.' : 'It won’t run again.'];
  return textView([
    firstLine([`**${done} · reminder ${reminder.id}**`]),
    block(shown, null),
    ...(doubt ? [`⚠️ ${doubt}`] : []),
    ...next,
    `-# **${environment}**`,
  ]);
}

export function removedView({ id, kind, when }: Reminder, environment: Environment): View {
  return textView([`**Removed**: ${id} · ${kindTitle(kind)}`, when, `-# **${environment}**`]);
}

export function reminderListViews(all: readonly ShownReminder[], environment: Environment): View[] {
  const where = `-# **${environment}**`;
  if (all.length === 0) {
    const how = '`/setup` offers sensible ones, `/remind add` makes your own.';
    return [textView(['**No reminders yet**', how, where])];
  }
  const over = all.filter(({ reminder }) => reminder.state === 'ended');
  const alive = all.filter((each) => !over.includes(each));
  const hidden = over.length - OVER_SHOWN;
  const shown = [...alive, ...over.slice(-OVER_SHOWN)].map((each) => block(each, each.runs[0] ?? null));
  return textPages([
    { text: `**${countText(alive.length, 'reminder')}**` },
    ...shown.map((text) => ({ text, apart: true })),
    ...(hidden > 0 ? [{ text: `-# ${hidden} older ones are over too.`, apart: true }] : []),
    { text: where, apart: true },
  ]);
}

/** `Mon 23 Nov 2026 15:45 Europe/Berlin · 9:45 ET`; the exchange's day where it is another. */
export function runText(run: Date, readerZone: string): string {
  const there = DateTime.fromJSDate(run, { zone: EXCHANGE_ZONE }).setLocale('en');
  if (readerZone === EXCHANGE_ZONE) return `${there.toFormat('ccc d LLL yyyy H:mm')} ET`;
  const here = DateTime.fromJSDate(run, { zone: readerZone }).setLocale('en');
  const sameDay = here.toISODate() === there.toISODate();
  return `${here.toFormat('ccc d LLL yyyy H:mm')} ${readerZone} · ${there.toFormat(sameDay ? 'H:mm' : 'ccc d LLL H:mm')} ET`;
}

/** True for what is said of one moment only. */
export function isOnce(when: string): boolean {
  const parsed = readable(when);
  return parsed !== null && isOneTime(parsed);
}

/** Null for what only another version of this program could read. */
function readable(when: string): When | null {
  try {
    return parseWhen(when);
  } catch {
    return null;
  }
}

/** `weekdays 9:00 (Europe/Berlin, market days only)`; what the exchange decides needs no zone. */
export function whenText(
  { when, zone, marketDaysOnly }: ShownReminder['reminder'],
  readerZone: string,
): string {
  const parsed = readable(when);
  if (parsed === null) return `${when} (${zone})`;
  if (parsed.kind === 'market') return when;
  if (parsed.kind === 'instant') return runText(new Date(parsed.at), readerZone);
  const days = marketDaysOnly && !isOneTime(parsed) ? ', market days only' : '';
  return `${when} (${zone}${days})`;
}

/** `underlying QQQ · dte 7, 21`; empty without any. */
export function optionsText(options: ReminderOptions): string {
  return OPTION_NAMES.map((name) => clip(optionText(name, options), LISTED_TEXT))
    .filter(Boolean)
    .join(' · ');
}

function block({ reminder, options, readerZone, unread, untold }: ShownReminder, next: Date | null): string {
  const { id, kind, channelId, userId, state, pausedReason } = reminder;
  const filters = optionsText(options);
  const lines = [
    `${ICONS[state]} **${id} · ${kindTitle(kind)}** · ${whenText(reminder, readerZone)}`,
    `<#${channelId}> · for <@${userId}>${filters ? ` · ${filters}` : ''}`,
  ];
  if (unread.length > 0) lines.push(`-# ❔ ${unread.map((part) => UNREAD[part]).join(', ')}`);
  if (untold && state !== 'paused') {
    const why = untold.note ? `: ${clip(reasonText(untold.note), LISTED_REASON)}` : '';
    lines.push(`-# not told: the run of ${runText(untold.dueAt, readerZone)}${why}`);
  }
  if (next) lines.push(`-# next ${runText(next, readerZone)}`);
  if (state === 'paused')
    lines.push(`-# paused${pausedReason ? `: ${clip(reasonText(pausedReason), LISTED_REASON)}` : ''}`);
  if (state === 'ended') lines.push('-# over');
  return lines.join('\n');
}

const UNREAD = { options: 'its options can’t be read', 'next-run': 'its next run can’t be worked out' };

const ICONS = { active: '🔔', paused: '⏸️', ended: '☑️' };
