import type { FastifyInstance } from 'fastify';
import { addDays, dayOf, daysBetween, halfDays, holidays, neighbour, sessionOn } from '../calendar.js';
import { malformed } from '../errors.js';
import { currentSessionWire, sessionWire } from '../wire/market.js';
import { type Context, envelope, listEnvelope } from './context.js';

const MAX_SPAN_DAYS = 280;
const HOLIDAY_YEARS = 5;

/** Sessions and holidays of the exchanges. */
export function marketTimeRoutes(app: FastifyInstance, { world }: Context): void {
  const current = (collection: string) =>
    currentSessionWire(world.sessions.view(world.clock.now()), collection);
  const today = () => dayOf(world.clock.now());

  app.get('/market-time/equities/sessions/current', async () =>
    envelope('/market-time/equities/sessions/current', current('Equity')),
  );
  app.get('/market-time/sessions/current', async ({ search }) => {
    const collections = search.all('instrument-collections');
    const wanted = collections.length > 0 ? collections : ['Equity'];
    return listEnvelope('/market-time/sessions/current', wanted.map(current));
  });
  for (const [word, step] of [
    ['next', 1],
    ['previous', -1],
  ] as const) {
    const path = `/market-time/equities/sessions/${word}`;
    app.get(path, async ({ search }) =>
      envelope(path, sessionWire(neighbour(search.day('date') ?? today(), step), 'Equity')),
    );
  }
  app.get('/market-time/sessions', async ({ search }) => {
    const from = search.day('from-date') ?? today();
    const to = search.day('to-date') ?? addDays(from, 7);
    const span = daysBetween(from, to);
    if (span > MAX_SPAN_DAYS)
      throw malformed([{ domain: 'to-date', reason: 'is more than nine months away' }]);
    const days = Array.from({ length: Math.max(0, span + 1) }, (_, i) => addDays(from, i));
    const collection = search.one('instrument-collection') ?? 'Equity';
    const sessions = days.flatMap((each) => sessionOn(each) ?? []);
    return listEnvelope(
      '/market-time/sessions',
      sessions.map((each) => sessionWire(each, collection)),
    );
  });
  app.get('/market-time/equities/holidays', async () => {
    const first = Number(today().slice(0, 4)) - 1;
    const years = Array.from({ length: HOLIDAY_YEARS }, (_, i) => first + i);
    return envelope('/market-time/equities/holidays', {
      'market-holidays': years.flatMap(holidays),
      'market-half-days': years.flatMap(halfDays),
    });
  });
}
