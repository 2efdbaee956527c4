/** Discord's limit for a custom id. */
export const MOST_CUSTOM_ID = 100;

/** `targets:submit:K3V9…`: which command's part a press belongs to, and its argument. */
export function customId(command: string, part: string, argument = ''): string {
  return `${command}:${part}:${argument}`;
}

export function readCustomId(id: string): { command: string; part: string; argument: string } {
  if (id.length > MOST_CUSTOM_ID) return { command: '', part: '', argument: '' };
  const [command = '', part = '', ...rest] = id.split(':');
  return { command, part, argument: rest.join(':') };
}

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

/** One position's id, or all of them. */
export const positionOrAll: Codec<number | 'all'> = {
  write: String,
  read: (text) => (text === 'all' ? 'all' : rowId.read(text)),
};

/** Several positions by id, or all that have no targets. */
export const positionsOrAll: Codec<readonly number[] | 'all'> = {
  write: (value) => (value === 'all' ? value : value.join('.')),
  read: (text) => {
    if (text === 'all') return 'all';
    const ids = text.split('.').map(rowId.read);
    return ids.every((id) => id !== null) ? ids : null;
  },
};

/** A preview, and the whole percentage to price it at. */
export const planAtPercent: Codec<{ planId: string; percent: number }> = {
  write: ({ planId, percent }) => `${planId}:${percent}`,
  read: (text) => {
    const [, plan = '', percent] = /^([^:]*):([1-9]\d{0,3})$/.exec(text) ?? [];
    const planId = givenName.read(plan);
    return planId !== null && percent !== undefined ? { planId, percent: Number(percent) } : null;
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
