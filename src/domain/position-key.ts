const BY_ORDER = 'order:';

/** What a position goes by that an order opened; it never changes. */
export function keyOfOrder(orderId: string): string {
  return BY_ORDER + orderId;
}

/** The order that a key tells of; null where none opened the position. */
export function orderOfKey(key: string | null): string | null {
  return key?.startsWith(BY_ORDER) ? key.slice(BY_ORDER.length) : null;
}
