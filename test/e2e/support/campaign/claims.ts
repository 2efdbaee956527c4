import type { Message } from '@profit-target/local-discord/client';
import type { PaperOrder, PaperReceived } from '@profit-target/paper-broker/client';
import { contentOf, type Desk, textOf } from '../desk.js';
import { isDigest } from '../scenes.js';
import { type Books, type CancelEntry, type IntentEntry, type PlanEntry, readBooks } from './books.js';
import { type Confirmed, cancellationOf, planOf, type Submitted, type Told } from './stage.js';

/* What must hold after a script, once all is whole again and the bot has settled. */

const EPHEMERAL = 64;
const ENDED = ['Filled', 'Cancelled', 'Rejected', 'Expired'];
/** The bot's own alarms. */
const NEVER_LOGGED = ['uncaught exception', 'unhandled rejection', 'a settled order got another outcome'];

/** Everything there is to judge by. */
interface Facts {
  desk: Desk;
  told: Told;
  books: Books;
  orders: Map<string, PaperOrder>;
  /** Orders that were asked for, those of pairs one by one. */
  received: Asked[];
  messages: Message[];
}

type Asked = Pick<PaperReceived, 'externalIdentifier' | 'orderId'>;

/** Everything that is not as it must be, in words. */
export async function violations(desk: Desk, database: string, told: Told): Promise<string[]> {
  const books = await readBooks(database);
  const orders = new Map((await desk.admin.orders()).map((order) => [String(order.id), order]));
  const received = (await desk.admin.received())
    .flatMap((each) => askedFor(each, orders))
    .filter((each) => each.externalIdentifier?.startsWith('ptb-'));
  const facts: Facts = { desk, told, books, orders, received, messages: messagesOf(desk) };
  return [
    ...books.open,
    ...falseOffers(facts),
    ...wrongOrders(facts),
    ...(await wrongCancels(facts)),
    ...(await overClosed(facts)),
    ...wrongJournal(facts),
    ...untrueResults(facts),
    ...untrueCancels(facts),
    ...untrueFills(facts),
    ...untrueLosses(facts),
    ...doubledMessages(facts),
    ...silences(facts),
    ...(desk.bot.exitCode === null ? [] : [`the process ended by itself with ${desk.bot.exitCode}`]),
    ...NEVER_LOGGED.filter((words) => desk.bot.log.includes(words)).map((words) => `the log says: ${words}`),
  ];
}

/** Of a pair each order stands in the request, and at the broker under its mark. */
function askedFor(request: PaperReceived, orders: ReadonlyMap<string, PaperOrder>): Asked[] {
  const { body, orderId } = request;
  if (!Array.isArray(body.orders)) return [request];
  const placed = [...orders.values()].filter((order) => order['complex-order-id'] === orderId);
  return body.orders.map(({ 'external-identifier': mark }: Record<string, unknown>) => ({
    externalIdentifier: String(mark),
    orderId: placed.find((order) => order['external-identifier'] === mark)?.id ?? null,
  }));
}

/** The other order of its pair; undefined for one that stands alone. */
function partnerOf(order: PaperOrder, { orders }: Pick<Facts, 'orders'>): PaperOrder | undefined {
  const id = order['complex-order-id'];
  return id === undefined
    ? undefined
    : [...orders.values()].find((other) => other['complex-order-id'] === id && other.id !== order.id);
}

/** The fill of its pair ended it, rather than somebody before that. */
function endedByPair(order: PaperOrder, facts: Pick<Facts, 'orders'>): boolean {
  const partner = partnerOf(order, facts);
  const since = partner?.legs.flatMap(({ fills }) => fills.map((fill) => Date.parse(fill['filled-at'])));
  return order.status === 'Cancelled' && since !== undefined && Math.min(...since) <= endOf(order);
}

/** A stop that ended while its target works on: what that has left to close has none. */
function isUnstopped(order: PaperOrder, facts: Pick<Facts, 'orders'>): boolean {
  const target = partnerOf(order, facts);
  return isStop(order) && ENDED.includes(order.status) && !!target && !ENDED.includes(target.status);
}

/** For a while, if only for a moment, the other one of its pair worked on without it. */
function wasMissed(order: PaperOrder, other: PaperOrder | undefined): boolean {
  if (!other) return false;
  const fills = other.legs.flatMap((leg) => leg.fills.map((fill) => Date.parse(fill['filled-at'])));
  const isPart = isStop(order) && unitsTraded(other) < other.size;
  return isPart || Date.parse(order['terminal-at'] ?? '') < Math.max(...fills);
}

function isStop(order: PaperOrder): boolean {
  return order['order-type'] !== 'Limit';
}

function endOf({ 'terminal-at': at }: PaperOrder): number {
  return Date.parse(at ?? '') + 5_000;
}

/** A preview that can't be sent still has buttons, or a question that can't be answered. */
function falseOffers({ messages, books }: Facts): string[] {
  return messages.flatMap((message) => {
    const [planId, cancellationId] = [planOf(message), cancellationOf(message)];
    const asks = books.plans.get(planId ?? '') ?? books.questions.get(cancellationId ?? '');
    const isOpen = asks?.status === 'open' && asks.expires_at > Date.now();
    if (isOpen || (!planId && !cancellationId)) return [];
    return [`a message still has buttons: ${planId ?? cancellationId}, ${asks?.status}`];
  });
}

/** Doubled, unasked, off-tick, or not known to the bot. */
function wrongOrders({ told, books: { intents }, orders, received }: Facts): string[] {
  const wrong: string[] = [];
  const asked = new Set(told.submitted.map(({ planId }) => planId));
  const seen = new Set<string>();
  for (const { externalIdentifier, orderId } of received) {
    const identifier = externalIdentifier ?? '';
    if (seen.has(identifier)) wrong.push(`sent twice: ${identifier}`);
    seen.add(identifier);
    if (!asked.has(identifier.replace(/^ptb-/, '').replace(/-\d+$/, '')))
      wrong.push(`unasked: ${identifier}`);
    const intent = intents.find((each) => each.external_identifier === identifier);
    const known = intent?.state === 'placed' ? intent.broker_order_id : null;
    const real = orderId === null ? null : String(orderId);
    if (known !== real)
      wrong.push(`${identifier}: the broker has ${real}, the bot says ${intent?.state} ${known}`);
    const why = orders.get(real ?? '')?.['reject-reason'] ?? '';
    if (why.includes('increment')) wrong.push(`off tick: ${identifier}`);
  }
  const never = intents.filter((each) => each.state === 'placed' && !seen.has(each.external_identifier));
  return [...wrong, ...never.map((each) => `placed, yet never received: ${each.external_identifier}`)];
}

/** Sent unasked, or more often than it was asked. */
async function wrongCancels({ desk, told, books }: Facts): Promise<string[]> {
  const confirmed = new Set(told.confirmed.map(({ cancellationId }) => cancellationId));
  const submitted = new Set(told.submitted.map(({ planId }) => planId));
  const counts = Object.entries(await desk.admin.counts()).filter(([route]) =>
    /^DELETE .*[-/]orders\//.test(route),
  );
  return [
    ...books.cancels
      .filter((each) => !confirmed.has(each.cancellation_id) && !submitted.has(each.plan_id ?? ''))
      .map(({ order_id: id }) => `a cancel of ${id} was not asked for`),
    ...counts.flatMap(([route, count]) => {
      const id = route.split('/').at(-1) ?? '';
      const written = books.cancels.filter((each) => [each.order_id, each.complex_id].includes(id)).length;
      return count > written ? [`order ${id}: ${count} cancels sent, ${written} written down`] : [];
    }),
  ];
}

/** More is working to close than is held, or more was closed than there was. */
async function overClosed({ desk, told, orders }: Facts): Promise<string[]> {
  const { positions } = await desk.admin.snapshot();
  const held = new Map(
    positions.map(({ symbol, quantity, 'quantity-direction': side }) => [
      symbol,
      (side === 'Short' ? -1 : 1) * Number(quantity),
    ]),
  );
  const closing = new Map<string, number>();
  for (const [symbol, claims] of claimsOf(
    [...orders.values()].filter((order) => !ENDED.includes(order.status)),
  ))
    closing.set(
      symbol,
      [...claims.values()].reduce((sum, left) => sum + left, 0),
    );
  const tooMuch = [...closing].filter(([symbol, contracts]) => contracts > Math.abs(held.get(symbol) ?? 0));
  const turned = [...told.heldBefore].filter(([symbol, before]) => {
    const now = held.get(symbol) ?? 0;
    return now !== 0 && (Math.sign(now) !== Math.sign(before) || Math.abs(now) > Math.abs(before));
  });
  return [
    ...tooMuch.map(
      ([symbol, contracts]) => `${symbol}: ${contracts} work to close, ${held.get(symbol)} held`,
    ),
    ...turned.map(([symbol, before]) => `${symbol}: ${before} were held, ${held.get(symbol)} are`),
  ];
}

/** Contracts that work to close by symbol, and in it by order; of a pair, of which one fills, by the pair. */
function claimsOf(working: readonly PaperOrder[]): Map<string, Map<number, number>> {
  const claims = new Map<string, Map<number, number>>();
  for (const { id, 'complex-order-id': pair = id, legs } of working) {
    for (const { action, symbol, 'remaining-quantity': left } of legs) {
      if (!action.endsWith('to Close')) continue;
      const own = claims.get(symbol) ?? new Map<number, number>();
      claims.set(symbol, own.set(pair, Math.max(own.get(pair) ?? 0, left)));
    }
  }
  return claims;
}

/** What is written down is what the broker has. */
function wrongJournal({ books: { intents, cancels, fills }, orders }: Facts): string[] {
  const placed = intents.flatMap((intent) => {
    const order = orders.get(intent.broker_order_id ?? '');
    if (!order) return [];
    const state = ENDED.includes(order.status) ? order.status.toLowerCase() : 'working';
    const real = order.legs
      .flatMap(({ symbol, fills: own }) => own.map((fill) => `${symbol} ${fill['fill-id']} ${fill.quantity}`))
      .sort();
    const known = fills
      .filter(({ intent_id: id }) => id === intent.id)
      .map(({ symbol, fill_id: id, quantity }) => `${symbol} ${id} ${quantity}`)
      .sort();
    return [
      ...(stateOf(intent) === state
        ? []
        : [`order ${order.id} is ${order.status}, written down as ${intent.broker_state}`]),
      ...(known.join() === real.join()
        ? []
        : [`order ${order.id} has fills ${real}, written down are ${known}`]),
    ];
  });
  const ended = cancels.flatMap(({ order_id: id, state }) => {
    const isOver = ENDED.includes(orders.get(id)?.status ?? '');
    return isOver === (state === 'ended') ? [] : [`the cancel of ${id} is written down as ${state}`];
  });
  return [...placed, ...ended];
}

/** On its way or working is one to the journal. */
function stateOf({ broker_state: state }: IntentEntry): string | null {
  return state === 'submitted' ? 'working' : state;
}

/** What is told of a plan's orders: in the channel, the line above its preview included, and all of it true. */
function untrueResults(facts: Facts): string[] {
  const ids = new Set(facts.told.submitted.map(({ planId }) => planId));
  return [...ids].flatMap((id) => {
    const plan = facts.books.plans.get(id);
    return plan?.status === 'done' ? untrueResult(facts, plan) : [];
  });
}

function untrueResult({ desk, told, books, orders, messages }: Facts, plan: PlanEntry): string[] {
  const own = books.intents.filter(({ plan_id: id }) => id === plan.id);
  const placed = own.flatMap(({ broker_order_id: id }) => id ?? []);
  const results = messages.filter((message) => textOf(message).includes(`ref ${plan.id}/`));
  const wrong = results.some((message) => inChannel(desk, message))
    ? []
    : ['its result is not in the channel'];
  for (const message of results) {
    const text = contentOf(message);
    for (const id of placed) {
      const order = orders.get(id);
      const said = textAbout(text, id);
      if (!order || !said) wrong.push(`a message lacks order ${id}: ${text}`);
      else if (!saysFate(said, order, { orders }))
        wrong.push(`order ${id} is ${order.status}, a message says: ${said}`);
    }
    const none = text.split('**No order**').length - 1;
    if (none !== own.length - placed.length) wrong.push(`a message says ${none} times "no order": ${text}`);
    if (/unknown|may exist/i.test(text)) wrong.push(`a message still says unknown: ${text}`);
  }
  const preview = told.submitted.find(({ planId }) => planId === plan.id)?.message;
  const line = preview ? desk.trader.current(preview).content : '';
  const complete = placed.every((id) => line.includes(id));
  if (!line.startsWith('Submitted: ') || !complete || /unknown|confirmed/.test(line)) {
    wrong.push(`the preview says "${line}"`);
  }
  return wrong.map((words) => `${plan.id}: ${words}`);
}

/** Whether a result says how the order stands, and how much of it has traded. */
function saysFate(said: string, order: PaperOrder, facts: Pick<Facts, 'orders'>): boolean {
  const units = unitsTraded(order);
  const part = units > 0 && units < order.size;
  if (part !== said.includes(`${units} of ${order.size} filled`) && units > 0) return false;
  if (order.status === 'Filled') return said.includes('Filled at **');
  if (order.status === 'Cancelled' && said.includes('Cancelled by <@')) return true;
  if (isUnstopped(order, facts)) return said.includes('has **no stop**');
  if (endedByPair(order, facts)) return said.includes('Cancelled by the broker');
  if (ENDED.includes(order.status)) return said.includes(`${order.status} at the venue`);
  return said.includes(order.status) && !/at the venue|Filled at|Cancelled by/.test(said);
}

function untrueCancels({ desk, books: { cancels }, orders, messages }: Facts): string[] {
  const ids = new Set(cancels.map((each) => each.cancellation_id));
  return [...ids].flatMap((id) => {
    const own = cancels.filter((each) => each.cancellation_id === id);
    const told = messages.filter((message) => marked(message, `cancel ${id}`));
    if (!told.some((message) => inChannel(desk, message))) return [`cancel ${id} is not told in the channel`];
    return told.flatMap((message) =>
      own.flatMap((cancel) => {
        const said = textAbout(contentOf(message), cancel.order_id) ?? '';
        return saysCancel(said, orders.get(cancel.order_id), cancel)
          ? []
          : [`order ${cancel.order_id} is ${orders.get(cancel.order_id)?.status}, its cancel says: ${said}`];
      }),
    );
  });
}

function saysCancel(said: string, order: PaperOrder | undefined, { state }: CancelEntry): boolean {
  if (!order) return false;
  if (order.status === 'Filled') return said.includes('Filled before a cancel could reach it.');
  const units = unitsTraded(order);
  if (ENDED.includes(order.status))
    return (
      said.includes(order.status) && (units === 0 || said.includes(`${units} of ${order.size} had filled`))
    );
  return state !== 'ended' && said.includes('Not cancelled') && said.includes('It still works');
}

/** Each fill is told once, by a message of its own or in a digest, and says how much has traded. */
function untrueFills({ desk, books: { intents }, orders, messages }: Facts): string[] {
  return intents.flatMap((intent) => {
    const order = orders.get(intent.broker_order_id ?? '');
    const units = order ? unitsTraded(order) : 0;
    const told = fillsOf(messages, intent);
    if (!order || units === 0)
      return told.length > 0 ? [`a fill is told of order ${intent.broker_order_id}, which has none`] : [];
    const here = told.filter(({ message }) => inChannel(desk, message));
    const texts = told.map(({ text }) => text);
    return [
      ...(here.length === 1 ? [] : [`order ${order.id}: its fill is told ${here.length} times`]),
      ...texts
        .filter((text) => !saysFill(text, order, units, endedByPair(order, { orders })))
        .map((text) => `order ${order.id} is ${order.status} with ${units}, its fill says: ${text}`),
      ...texts
        .filter((text) => text.includes('the exact fees follow'))
        .map((text) => `order ${order.id} is booked, its fill says: ${text}`),
    ];
  });
}

/** Where an intent's fill is told, and what is said of it there. */
function fillsOf(messages: readonly Message[], intent: IntentEntry): { message: Message; text: string }[] {
  const marks = [`fill ${intent.id}`, `fill ${intent.id} part`];
  return messages.flatMap((message) => {
    const text = contentOf(message);
    if (marks.some((mark) => marked(message, mark))) return [{ message, text }];
    if (!isDigest(message)) return [];
    const own = text.split('\n\n').find((part) => part.includes(`**Order ${intent.broker_order_id}**`));
    const rough = /.*the exact fees follow.*/.exec(text)?.[0] ?? '';
    return own === undefined ? [] : [{ message, text: `${own}\n${rough}` }];
  });
}

/** An order that ended otherwise than by its fill, and was never to be cancelled, is one message and says how it ended. */
function untrueLosses({ desk, books: { intents, cancels }, orders, messages }: Facts): string[] {
  return intents.flatMap((intent) => {
    const order = orders.get(intent.broker_order_id ?? '');
    if (!order) return [];
    const told = messages.filter((message) => marked(message, `lost ${intent.id}`));
    const isLost = ENDED.includes(order.status) && order.status !== 'Filled';
    if (!isLost) return told.length > 0 ? [`order ${order.id} is ${order.status}, and told as lost`] : [];
    if (cancels.some(({ order_id: id }) => id === String(order.id))) return [];
    const here = told.filter((message) => inChannel(desk, message));
    const partner = partnerOf(order, { orders });
    const withPair = endedByPair(order, { orders });
    if (withPair && !wasMissed(order, partner))
      return here.length === 0 ? [] : [`order ${order.id} ended with its pair, and is told as lost`];
    // Whichever of a pair ended first, the target is told.
    const isLoud = isUnstopped(order, { orders }) || (!withPair && (!isStop(order) || !partner));
    const least = isLoud ? 1 : 0;
    return [
      ...(here.length === 1 || here.length === least
        ? []
        : [`order ${order.id}: its loss is told ${here.length} times`]),
      ...told
        .map(contentOf)
        .filter((text) => !text.includes(`order **${order.status.toLowerCase()}**`))
        .map((text) => `order ${order.id} is ${order.status}, its loss says: ${text}`),
    ];
  });
}

function saysFill(text: string, { id, status, size }: PaperOrder, units: number, withPair: boolean): boolean {
  if (!text.includes(`Order ${id}`)) return false;
  if (units === size)
    return text.includes('filled at **') && !/ of \d+ filled|still work|not filled/.test(text);
  const left = size - units;
  if (!text.includes(`${units} of ${size} filled`)) return false;
  if (withPair) return !text.includes('not filled');
  return text.includes(
    ENDED.includes(status) ? `${left} of ${size} not filled: ${status}` : `${left} of ${size} still work`,
  );
}

/** The same news posted twice in the channel. What is edited later may come to say the same as another. */
function doubledMessages({ desk }: Facts): string[] {
  const posted = desk.trader.events.flatMap(({ type, message }) =>
    type === 'message_create' && message && inChannel(desk, message) ? [message as Message] : [],
  );
  const marks = posted
    .filter(({ content }) => content.startsWith('<@'))
    .flatMap(({ embeds }) => embeds.flatMap(({ footer }) => footer?.text ?? []));
  const again = new Set(marks.filter((mark, index) => marks.indexOf(mark) < index));
  return [...again].map((mark) => `told more than once: ${mark}`);
}

/** A press that was acknowledged and nobody heard of again. Killed before its claim it was never begun. */
function silences({ desk, told, books }: Facts): string[] {
  const begun = ({ planId }: Submitted) =>
    ['claimed', 'done', 'stale'].includes(books.plans.get(planId)?.status ?? '');
  const claimed = ({ cancellationId: id }: Confirmed) =>
    books.cancels.some(({ cancellation_id: each }) => each === id);
  return [
    ...told.submitted.flatMap((press) =>
      isSilent(desk, press, begun(press)) ? [`a press ended in silence: ${press.planId}`] : [],
    ),
    ...told.confirmed.flatMap((press) =>
      isSilent(desk, press, claimed(press)) ? [`a cancel ended in silence: ${press.cancellationId}`] : [],
    ),
  ];
}

function isSilent({ trader }: Desk, press: Submitted | Confirmed, begun: boolean): boolean {
  const after = trader.events.slice(press.eventsBefore);
  const acked = after.some(
    ({ type, id, state }) => type === 'interaction' && id === press.interaction && state === 'acked',
  );
  const heard = after.some(
    ({ type, message }) =>
      type.startsWith('message_') &&
      message &&
      (message.id === press.message.id ||
        (message.flags & EPHEMERAL) !== 0 ||
        message.content.includes(`<@${trader.id}>`)),
  );
  return acked && !heard && (begun || !press.killedAfter);
}

/** Whole units of which each leg has traded. */
function unitsTraded({ size, legs }: PaperOrder): number {
  return Math.min(
    ...legs.map(({ quantity, 'remaining-quantity': left }) =>
      Math.floor(((quantity - left) * size) / quantity),
    ),
  );
}

/** What a message says of one of its orders. */
function textAbout(text: string, orderId: string): string | undefined {
  return text
    .split(/(?=\*\*(?:Order \d+|No order)\*\*)/)
    .find((part) => part.startsWith(`**Order ${orderId}**`));
}

function marked({ embeds }: Message, mark: string): boolean {
  return embeds.some(({ footer }) => footer?.text === mark);
}

function inChannel(desk: Desk, { channel_id: channel }: Message): boolean {
  return channel === desk.discord.channelIds.trading;
}

/** Every message the trader has seen and that is there still, as it looks now. */
function messagesOf({ trader }: Desk): Message[] {
  const ids = new Set(trader.events.flatMap(({ message }) => (message ? [String(message.id)] : [])));
  return [...ids].flatMap((id) => {
    try {
      return [trader.current(id)];
    } catch {
      return [];
    }
  });
}
