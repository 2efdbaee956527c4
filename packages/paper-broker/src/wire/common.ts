/** A wire object; undefined and null members are left out, as the broker omits what does not apply. */
export type Wire = Record<string, unknown>;

/** A row with the fields somebody made odd by hand. */
export function withOddFields(odd: Record<string, Wire> | undefined, key: string, wire: Wire): Wire {
  return { ...wire, ...odd?.[key] };
}

/** Drops members that do not apply. */
export function compact(object: Wire): Wire {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** ISO instant with milliseconds and a numeric offset, as orders carry it. */
export function offsetIso(at: number): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}

/** ISO instant ending in Z, as most other objects carry it. */
export function isoZ(at: number): string {
  return new Date(at).toISOString();
}

/** The page of a list that a query asks for, and the `pagination` object that goes beside the data. */
export function paginate<T>(
  list: readonly T[],
  offset: number,
  perPage: number,
): { items: T[]; pagination: Wire } {
  const pages = Math.max(1, Math.ceil(list.length / perPage));
  const items = list.slice(offset * perPage, (offset + 1) * perPage);
  return {
    items,
    pagination: {
      'per-page': perPage,
      'page-offset': offset,
      'item-offset': offset * perPage,
      'total-items': list.length,
      'total-pages': pages,
      'current-item-count': items.length,
      'previous-link': null,
      'next-link': null,
      'paging-link-template': null,
    },
  };
}
