import type { Message } from '@profit-target/local-discord/client';
import sqlite3 from 'sqlite3';
import { contentOf, type Desk, textOf } from './desk.js';
import { planOf, type Told } from './fault-script.js';

/* What must hold after a fault script, once all is whole again and the bot has settled. */

interface PlanRow {
  id: string;
  status: string;
  expires_at: number;
}
interface IntentRow {
  plan_id: string;
  state: string;
  external_identifier: string;
  broker_order_id: string | null;
}
interface Books {
  plans: Map<string, PlanRow>;
  intents: IntentRow[];
  /** Results still owed, orders still unknown, contracts still reserved. */
  open: string[];
}

const EPHEMERAL = 64;
const UNRESOLVED = ['reserved', 'submitting', 'unknown'];

/** Everything that is not as it must be, in words. */
export async function violations(desk: Desk, database: string, told: Told): Promise<string[]> {
  const { plans, intents, open } = await books(database);
  const planIds = new Set(told.presses.map(({ planId }) => planId));
  return [
    ...open,
    ...falseOffers(desk, plans),
    ...(await wrongOrders(desk, intents, planIds)),
    ...[...planIds].flatMap((id) => untruths(desk, plans.get(id), intents, told)),
    ...told.presses.flatMap((press) => silence(desk, press, plans.get(press.planId))),
    ...(desk.bot.exitCode === null ? [] : [`the process ended by itself with ${desk.bot.exitCode}`]),
    ...['uncaught exception', 'unhandled rejection', 'a settled order got another outcome']
      .filter((words) => desk.bot.log.includes(words))
      .map((words) => `the log says: ${words}`),
  ];
}

/** A preview that can't be sent still has buttons. */
function falseOffers(desk: Desk, plans: Map<string, PlanRow>): string[] {
  return messagesOf(desk).flatMap((message) => {
    const id = planOf(message);
    const plan = id === undefined ? undefined : plans.get(id);
    if (!id || (plan?.status === 'open' && plan.expires_at > Date.now())) return [];
    return [`a preview still has buttons: ${id}, ${plan?.status}`];
  });
}

/** Doubled, unasked, or not known to the bot. */
async function wrongOrders(desk: Desk, intents: IntentRow[], planIds: Set<string>): Promise<string[]> {
  const received = (await desk.admin.received()).filter((each) =>
    each.externalIdentifier?.startsWith('ptb-'),
  );
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const { externalIdentifier, orderId } of received) {
    const identifier = externalIdentifier ?? '';
    if (seen.has(identifier)) wrong.push(`sent twice: ${identifier}`);
    seen.add(identifier);
    if (!planIds.has(identifier.replace(/^ptb-/, '').replace(/-\d+$/, '')))
      wrong.push(`unasked: ${identifier}`);
    const intent = intents.find((each) => each.external_identifier === identifier);
    const known = intent?.state === 'placed' ? intent.broker_order_id : null;
    const real = orderId === null ? null : String(orderId);
    if (known !== real)
      wrong.push(`${identifier}: the broker has ${real}, the bot says ${intent?.state} ${known}`);
  }
  for (const each of intents) {
    if (each.state === 'placed' && !seen.has(each.external_identifier)) {
      wrong.push(`placed, yet never received: ${each.external_identifier}`);
    }
  }
  return wrong;
}

/** What is told of a plan's orders: in the channel, the line above its preview included, and all of it true. */
function untruths(desk: Desk, plan: PlanRow | undefined, intents: IntentRow[], told: Told): string[] {
  if (plan?.status !== 'done') return [];
  const own = intents.filter(({ plan_id: id }) => id === plan.id);
  const placed = own.flatMap(({ broker_order_id: id }) => id ?? []);
  const results = messagesOf(desk).filter((message) => textOf(message).includes(`ref ${plan.id}/`));
  const wrong: string[] = [];
  if (!results.some(({ channel_id: channel }) => channel === desk.discord.channelIds.trading)) {
    wrong.push(`${plan.id}: its result is not in the channel`);
  }
  for (const message of results) {
    const text = contentOf(message);
    for (const id of placed)
      if (!text.includes(`Order ${id}`)) wrong.push(`${plan.id}: a message lacks order ${id}: ${text}`);
    const none = text.split('**No order**').length - 1;
    if (none !== own.length - placed.length)
      wrong.push(`${plan.id}: a message says ${none} times "no order": ${text}`);
    if (/unknown|may exist/i.test(text)) wrong.push(`${plan.id}: a message still says unknown: ${text}`);
  }
  const preview = told.presses.find(({ planId }) => planId === plan.id)?.preview;
  const line = preview ? desk.trader.current(preview).content : '';
  const complete = placed.every((id) => line.includes(id));
  if (!line.startsWith('Submitted: ') || !complete || /unknown|confirmed/.test(line)) {
    wrong.push(`${plan.id}: the preview says "${line}"`);
  }
  return wrong;
}

/** A press that was acknowledged and nobody heard of again. */
function silence(desk: Desk, press: Told['presses'][number], plan: PlanRow | undefined): string[] {
  const after = desk.trader.events.slice(press.eventsBefore);
  const acked = after.some(
    ({ type, id, state }) => type === 'interaction' && id === press.interaction && state === 'acked',
  );
  const heard = after.some(
    ({ type, message }) =>
      type.startsWith('message_') &&
      message &&
      (message.id === press.preview.id ||
        (message.flags & EPHEMERAL) !== 0 ||
        message.content.includes(`<@${desk.trader.id}>`)),
  );
  // Killed between its acknowledgement and its claim it was never begun: its preview stands as before.
  const notBegun = press.killedAfter && plan && !['claimed', 'done', 'stale'].includes(plan.status);
  return acked && !heard && !notBegun ? [`a press ended in silence: ${press.planId}, ${plan?.status}`] : [];
}

function messagesOf(desk: Desk): Message[] {
  const ids = new Set(desk.trader.events.flatMap(({ message }) => (message ? [String(message.id)] : [])));
  return [...ids].flatMap((id) => {
    try {
      return [desk.trader.current(id)];
    } catch {
      return [];
    }
  });
}

async function books(file: string): Promise<Books> {
  const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
  const all = <T>(sql: string) =>
    new Promise<T[]>((resolve, reject) =>
      database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows as T[]))),
    );
  try {
    const plans = await all<PlanRow>('SELECT id, status, expires_at FROM plans');
    const intents = await all<IntentRow>(
      'SELECT plan_id, state, external_identifier, broker_order_id FROM order_intents',
    );
    const owed = await all<{ plan_id: string; kind: string; status: string }>(
      `SELECT errands.plan_id, kind, status FROM errands JOIN plans ON plans.id = errands.plan_id
        WHERE kind = 'result' OR status <> 'open'`,
    );
    const held = await all<{ symbol: string }>('SELECT symbol FROM reservations WHERE released_at IS NULL');
    return {
      plans: new Map(plans.map((plan) => [plan.id, plan])),
      intents,
      open: [
        ...owed.map((each) => `still owed: ${each.kind} of ${each.plan_id}, ${each.status}`),
        ...intents
          .filter(({ state }) => UNRESOLVED.includes(state))
          .map((each) => `still ${each.state}: ${each.external_identifier}`),
        ...held.map(({ symbol }) => `still reserved: ${symbol}`),
      ],
    };
  } finally {
    await new Promise<void>((resolve) => database.close(() => resolve()));
  }
}
