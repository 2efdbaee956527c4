import { BrokerProtocolError } from '../../domain/errors.js';
import { type Path, type TastytradeHttp, withQuery } from './http.js';
import { listing, read } from './wire.js';

/** No account's history is this long; a server that never ends would be one. */
const MAX_PAGES = 2_000;

/**
 * Every item of a list, in the order sent, over all its pages. `page-offset` is a page index that starts at
 * zero. A list without `pagination` is a single page unless it came full.
 *
 * @param perPage items asked for per page; 0 for lists that aren't paged by request
 * @throws BrokerProtocolError if the list doesn't end, or ends before it says; never a part of it as if it were all
 */
export async function allItems(
  http: TastytradeHttp,
  path: Path,
  query: Record<string, string | readonly string[] | undefined> = {},
  perPage = 0,
): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const paging = perPage > 0 || page > 0 ? { 'page-offset': String(page) } : {};
    const size = perPage > 0 ? { 'per-page': String(perPage) } : {};
    const body = await http.read(withQuery(path, { ...query, ...size, ...paging }));
    const { data, pagination } = read(listing, body, 'list');
    items.push(...data.items);
    const total = pagination?.['total-pages'] ?? null;
    const last = total === null ? perPage === 0 || data.items.length < perPage : page >= total - 1;
    if (last) {
      const most = pagination?.['total-items'] ?? null;
      if (most !== null && items.length < most)
        throw new BrokerProtocolError({ code: 'LIST_CUT_SHORT', told: most, given: items.length });
      return items;
    }
    if (data.items.length === 0) throw new BrokerProtocolError({ code: 'PAGES_MISSING' });
  }
  throw new BrokerProtocolError({ code: 'PAGES_ENDLESS', pages: MAX_PAGES });
}
