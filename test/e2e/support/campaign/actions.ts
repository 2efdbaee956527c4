import type { Message } from '@profit-target/local-discord/client';
import type { PaperOrder } from '@profit-target/paper-broker/client';
import { buttonsOf, contentOf } from '../desk.js';
import { working } from '../scenes.js';
import { cancellationOf, planOf, type Stage, type Step, submitOf } from './stage.js';

/*
 * What traders do, and what the market and others do to their orders. Each may meet a bot that is down or a fault. What
 * nothing is there for yet does what comes before it.
 */

/** The standard book has about so many positions. */
const POSITIONS = 12;
const ANSWERS_WITHIN_MS = 10_000;
/** How long a question is thought about, and so may go out of date, in milliseconds. */
const THINKS_MS = 400;

export const ACTIONS: readonly Step[] = [
  { weight: 5, take: preview },
  { weight: 6, take: submit },
  { weight: 1, take: dismiss },
  { weight: 1, take: refresh },
  { weight: 4, take: cancelPosition },
  { weight: 3, take: cancelOrder },
  { weight: 4, take: changePrice },
  { weight: 3, take: closePosition },
  { weight: 4, take: fill },
  { weight: 1, take: endElsewhere },
];

export async function preview(stage: Stage): Promise<string> {
  const { trader } = stage.desk;
  const position = String(1 + stage.below(POSITIONS));
  const stop = stage.chance(0.4) ? { stop: stage.oneOf(['40', '80']) } : {};
  const ask = async () => {
    const command = await trader.command('targets', { position, ...stop });
    const answer = await trader.answer(command, ANSWERS_WITHIN_MS);
    if (submitOf(answer)) stage.previews.push(answer);
  };
  await mostlyWaiting(stage, ask());
  return `preview #${position} ${stop.stop ? `with a stop at ${stop.stop} %` : ''}`;
}

async function submit(stage: Stage): Promise<string> {
  const { trader } = stage.desk;
  const message = stage.aPreview();
  const label = message && submitOf(message);
  const planId = message && planOf(message);
  if (!message || !label || !planId) return preview(stage);
  const eventsBefore = trader.events.length;
  const interaction = await trader.press(message, label).catch(tooLate);
  if (!interaction) return `press ${planId} too late`;
  stage.told.submitted.push({ interaction, planId, message, eventsBefore, killedAfter: false });
  return `press ${planId}`;
}

async function dismiss(stage: Stage): Promise<string> {
  const message = stage.aPreview();
  if (message) await stage.desk.trader.press(message, 'Discard').catch(tooLate);
  return `dismiss ${message && planOf(message)}`;
}

async function refresh(stage: Stage): Promise<string> {
  const message = stage.aPreview();
  if (message) await stage.desk.trader.press(message, 'Refresh').catch(tooLate);
  return `refresh ${message && planOf(message)}`;
}

/** All targets of a position, by the command. */
async function cancelPosition(stage: Stage): Promise<string> {
  const { trader } = stage.desk;
  const position = positionOf(stage);
  if (!position) return submit(stage);
  const ask = async () =>
    confirm(stage, await trader.answer(await trader.command('cancel', { position }), ANSWERS_WITHIN_MS));
  await mostlyWaiting(stage, ask());
  return `cancel #${position}`;
}

/** One order, by the menu under the list of those that work. */
async function cancelOrder(stage: Stage): Promise<string> {
  const order = await ownOrder(stage);
  if (!order) return submit(stage);
  const ask = async () => confirm(stage, await askedAbout(stage, order));
  await mostlyWaiting(stage, ask());
  return `cancel order ${order.id}`;
}

/** Its preview is submitted like any other, or not. */
async function changePrice(stage: Stage): Promise<string> {
  const { trader } = stage.desk;
  const order = await ownOrder(stage);
  if (!order) return submit(stage);
  const price = (Number(order.price) + stage.oneOf([-0.1, -0.05, 0.05, 0.1])).toFixed(2);
  const ask = async () => {
    const question = await askedAbout(stage, order);
    const modal = await trader.waitForModal(await trader.press(question, 'Change price…'), ANSWERS_WITHIN_MS);
    const typed = await trader.submitModal(modal, { percent: '', price });
    const answer = await trader.answer(typed, ANSWERS_WITHIN_MS);
    if (submitOf(answer)) stage.previews.push(answer);
  };
  await mostlyWaiting(stage, ask());
  return `change order ${order.id} to ${price}`;
}

/** All of a position or a part, at a price that rests or fills at once; submitted like any other preview, or not. */
async function closePosition(stage: Stage): Promise<string> {
  const { trader } = stage.desk;
  const position = positionOf(stage) ?? String(1 + stage.below(POSITIONS));
  const at = stage.oneOf(['mid', 'mark', 'natural']);
  const portion = stage.chance(0.5) ? { portion: stage.oneOf(['1', '50%']) } : {};
  const ask = async () => {
    const answer = await trader.answer(
      await trader.command('close', { position, at, ...portion }),
      ANSWERS_WITHIN_MS,
    );
    if (submitOf(answer)) stage.previews.push(answer);
  };
  await mostlyWaiting(stage, ask());
  return `close #${position} at ${at} ${portion.portion ?? ''}`;
}

/** Some units of an order trade, or all of them. */
async function fill(stage: Stage): Promise<string> {
  const order = await ownOrder(stage);
  if (!order) return submit(stage);
  const units = stage.chance(0.5) ? 1 + stage.below(order.size) : undefined;
  await stage.desk.admin.fill(order.id, units).catch(tooLate);
  return `fill order ${order.id}${units ? ` by ${units}` : ''}`;
}

async function endElsewhere(stage: Stage): Promise<string> {
  const order = await ownOrder(stage);
  if (!order) return submit(stage);
  const how = stage.oneOf(['Cancelled', 'Rejected', 'Expired'] as const);
  await stage.desk.admin.end(order.id, how);
  return `order ${order.id} is ${how} elsewhere`;
}

/** A person reads a question before they answer it, mostly with yes. */
async function confirm(stage: Stage, question: Message): Promise<void> {
  const { trader } = stage.desk;
  const cancellationId = cancellationOf(question);
  const [yes] = buttonsOf(question);
  if (!cancellationId || !yes) return;
  await new Promise((resolve) => setTimeout(resolve, THINKS_MS));
  const eventsBefore = trader.events.length;
  const message = trader.current(question);
  const interaction = await trader.press(message, yes);
  stage.told.confirmed.push({ interaction, cancellationId, message, eventsBefore, killedAfter: false });
}

async function askedAbout(stage: Stage, { id }: PaperOrder): Promise<Message> {
  const { trader } = stage.desk;
  const list = await trader.answer(await trader.command('orders'), ANSWERS_WITHIN_MS);
  return trader.answer(await trader.select(list, String(id)), ANSWERS_WITHIN_MS);
}

/** One of the bot's orders that work at the broker. */
async function ownOrder(stage: Stage): Promise<PaperOrder | undefined> {
  const own = (await working(stage.desk)).filter((order) => order['external-identifier']?.startsWith('ptb-'));
  return own.length > 0 ? stage.oneOf(own) : undefined;
}

/** A position that was submitted for. */
function positionOf(stage: Stage): string | undefined {
  const ids = stage.told.submitted.flatMap(({ message }) => /#(\d+)/.exec(contentOf(message))?.[1] ?? []);
  return ids.length > 0 ? stage.oneOf(ids) : undefined;
}

async function mostlyWaiting(stage: Stage, work: Promise<void>): Promise<void> {
  const over = stage.beside(work);
  if (stage.chance(0.8)) await over;
}

/** The button went, or the order ended, while the finger came down. */
function tooLate(): undefined {}
