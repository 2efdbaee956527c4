import { PRICES } from '../services/previews/close-wish.js';

/** Discord's limit for a custom id. */
const MOST_CUSTOM_ID = 100;

/**
 * What a press carries in its custom id, as text and back. `read` takes what `write` gave and nothing else: a custom
 * id comes from a person's device and can hold anything, so what isn't read here never reaches a service.
 */
export interface Codec<T> {
  write(value: T): string;
  /** Null for what no button or menu of ours carries. */
  read(text: string): T | null;
}

/** The largest id either database can hold (a four-byte integer on PostgreSQL). */
const LARGEST_ID = 2_147_483_647;

/** Nothing: the part alone says it all. */
export const nothing: Codec<''> = { write: () => '', read: (text) => (text === '' ? '' : null) };

/** The number of a row we keep, such as a reminder's run. */
export const rowId: Codec<number> = {
  write: String,
  read: (text) => (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= LARGEST_ID ? Number(text) : null),
};

/** A name that we or the broker gave: of a preview, or of an order. */
export const givenName: Codec<string> = {
  write: (value) => value,
  read: (text) => (/^[\w-]{1,64}$/.test(text) ? text : null),
};

/** Which of several menus in one message it is: it only keeps their ids apart, and its choice says the rest. */
export const menuNumber: Codec<number> = {
  write: String,
  // Empty is what the first one said in earlier versions.
  read: (text) => (/^\d{0,4}$/.test(text) ? Number(text) : null),
};

/** A moment, to the millisecond: which of several halts it is about. */
export const instant: Codec<Date> = {
  write: (at) => String(at.getTime()),
  read: (text) => (/^[1-9]\d{11,13}$/.test(text) ? new Date(Number(text)) : null),
};

/** One position's id, or all of them. */
export const positionOrAll: Codec<number | 'all'> = {
  write: String,
  read: (text) => (text === 'all' ? 'all' : rowId.read(text)),
};

/** Several positions by id; or all that have no targets, of one account where there are several. */
export type Positions = readonly number[] | 'all' | { allOf: string };

/** An account is named by the end of its number. */
export const positionsOrAll: Codec<Positions> = {
  write: (value) => {
    if (value === 'all') return value;
    return 'allOf' in value ? `all.${value.allOf}` : value.join('.');
  },
  read: (text) => {
    if (text === 'all') return 'all';
    const [, account] = /^all\.(.*)$/s.exec(text) ?? [];
    if (account !== undefined) return givenName.read(account) === null ? null : { allOf: account };
    const ids = text.split('.').map(rowId.read);
    return ids.every((id) => id !== null) ? ids : null;
  },
};

/** A preview, and how many messages show it; null on buttons that don't say, as those of earlier versions. */
export interface ShownPlan {
  planId: string;
  pages: number | null;
}

/** Any of a preview's buttons. Whoever presses one is on its last page, and must know whether that is all of it. */
export const shownPlan: Codec<ShownPlan> = {
  write: ({ planId, pages }) => (pages === null ? planId : `${planId}:${pages}`),
  read: (text) => {
    const [, plan = '', pages] = /^([^:]*)(?::([1-9]\d{0,2}))?$/.exec(text) ?? [];
    const planId = givenName.read(plan);
    return planId === null ? null : { planId, pages: pages === undefined ? null : Number(pages) };
  },
};

/** The same, and the whole percentage to price it at. */
export const planAtPercent: Codec<ShownPlan & { percent: number }> = {
  write: ({ planId, percent, pages }) => shownPlan.write({ planId: `${planId}:${percent}`, pages }),
  read: (text) => {
    const [, plan = '', percent, pages = ''] = /^([^:]*):([1-9]\d{0,3})(:.*)?$/s.exec(text) ?? [];
    const shown = shownPlan.read(plan + pages);
    return shown && percent !== undefined ? { ...shown, percent: Number(percent) } : null;
  },
};

/** The same, and the price to close at. */
export const planAtPrice: Codec<ShownPlan & { at: (typeof PRICES)[number] }> = {
  write: ({ planId, at, pages }) => shownPlan.write({ planId: `${planId}:${at}`, pages }),
  read: (text) => {
    const [, plan = '', name, pages = ''] = /^([^:]*):([a-z]+)(:.*)?$/s.exec(text) ?? [];
    const shown = shownPlan.read(plan + pages);
    const at = PRICES.find((each) => each === name);
    return shown && at ? { ...shown, at } : null;
  },
};

/** Orders at the broker that look like one whose fate is unknown, as asked about in one message. */
export const lookalikes: Codec<{ intentId: number; orderIds: readonly string[] }> = {
  write: ({ intentId, orderIds }) => `${intentId}:${orderIds.join('.')}`,
  read: (text) => {
    const [, intent = '', ids = ''] = /^([^:]*):([^:]+)$/.exec(text) ?? [];
    const intentId = rowId.read(intent);
    const orderIds = ids.split('.').map(givenName.read);
    return intentId !== null && orderIds.every((id) => id !== null) ? { intentId, orderIds } : null;
  },
};

/** An order, and the position it closes. */
export interface OrderOf {
  positionId: number;
  orderId: string;
}

export const orderOf: Codec<OrderOf> = {
  write: ({ positionId, orderId }) => `${positionId}:${orderId}`,
  read: (text) => {
    const [, position = '', order = ''] = /^([^:]*):([^:]*)$/.exec(text) ?? [];
    const [positionId, orderId] = [rowId.read(position), givenName.read(order)];
    return positionId !== null && orderId !== null ? { positionId, orderId } : null;
  },
};

/** The same, and the price it had, as digits. */
export const orderAt: Codec<OrderOf & { price: string }> = {
  write: ({ price, ...order }) => `${orderOf.write(order)}:${price}`,
  read: (text) => {
    const [, rest = '', price] = /^(.*):(\d{1,6}(?:\.\d{1,8})?)$/s.exec(text) ?? [];
    const order = orderOf.read(rest);
    return order && price !== undefined ? { ...order, price } : null;
  },
};

/** The orders that the card of a new position offers; see `markOfOrders`. */
export interface CardOrders {
  positionId: number;
  mark: string;
}

export const cardOrders: Codec<CardOrders> = {
  write: ({ positionId, mark }) => `${positionId}:${mark}`,
  read: (text) => {
    const [, position = '', mark] = /^([^:]*):([\w-]{22})$/.exec(text) ?? [];
    const positionId = rowId.read(position);
    return positionId !== null && mark !== undefined ? { positionId, mark } : null;
  },
};

/** The same for a close, and its price, as digits. */
export const cardClose: Codec<CardOrders & { price: string }> = {
  write: ({ price, ...card }) => `${cardOrders.write(card)}:${price}`,
  read: (text) => {
    const [, rest = '', price] = /^(.*):(\d{1,6}(?:\.\d{1,8})?)$/s.exec(text) ?? [];
    const card = cardOrders.read(rest);
    return card && price !== undefined ? { ...card, price } : null;
  },
};

/** What the id of each part carries, by command: written and read by the same codec. */
export const PARTS = {
  targets: {
    open: menuNumber,
    again: rowId,
    card: cardOrders,
    change: orderOf,
    changed: orderOf,
    terms: orderAt,
    submit: shownPlan,
    percent: planAtPercent,
    form: shownPlan,
    typed: shownPlan,
    usual: shownPlan,
    refresh: shownPlan,
    cancel: shownPlan,
    byhand: lookalikes,
    ours: lookalikes,
  },
  remind: {
    done: rowId,
    snooze: rowId,
    tomorrow: rowId,
    preview: positionsOrAll,
    order: givenName,
    pick: menuNumber,
  },
  setup: { make: nothing },
  resume: { ask: instant, yes: instant, keep: instant },
  reconcile: { adopt: givenName, forget: rowId },
  close: {
    at: planAtPrice,
    form: shownPlan,
    typed: shownPlan,
    step: orderOf,
    open: rowId,
    card: cardClose,
  },
  cancel: { open: menuNumber, one: givenName, plan: givenName, yes: givenName, keep: givenName },
} as const;

type Parts = typeof PARTS;
export type PartOf<C extends keyof Parts> = keyof Parts[C] & string;
type Carried<C> = C extends Codec<infer T> ? T : never;

/** `targets:submit:K3V9…:1`: which command's part a press belongs to, and what it carries. Throws where it is too long. */
export function customId<C extends keyof Parts, P extends PartOf<C>>(
  command: C,
  part: P,
  carried: Carried<Parts[C][P]>,
): string {
  const id = written(command, part, carried);
  if (id.length > MOST_CUSTOM_ID) throw new RangeError(`the custom id of ${command}:${part} is too long`);
  return id;
}

/** Whether an id holds that much. */
export function fitsCustomId<C extends keyof Parts, P extends PartOf<C>>(
  command: C,
  part: P,
  carried: Carried<Parts[C][P]>,
): boolean {
  return written(command, part, carried).length <= MOST_CUSTOM_ID;
}

function written(command: keyof Parts, part: string, carried: unknown): string {
  const codecs: Record<string, Pick<Codec<never>, 'write'>> = PARTS[command];
  return `${command}:${part}:${codecs[part]?.write(carried as never)}`;
}

export function readCustomId(id: string): { command: string; part: string; argument: string } {
  if (id.length > MOST_CUSTOM_ID) return { command: '', part: '', argument: '' };
  const [command = '', part = '', ...rest] = id.split(':');
  return { command, part, argument: rest.join(':') };
}
