import { addDays, dayOf, instant, neighbour, type Session, sessionOn } from './calendar.js';

/** Whether the market trades is the calendar's decision unless somebody decided otherwise. */
export interface SessionRules {
  alwaysOpen: boolean;
  forced: 'open' | 'closed' | null;
  /** When `forced` was set, epoch ms of market time: prices of a closed market stand at that instant. */
  forcedAt: number;
}

type SessionState = 'Open' | 'Closed' | 'Pre-market' | 'Extended';

/** What the market is doing at an instant; `session` is absent on a closed day. */
export interface SessionView {
  state: SessionState;
  session: Session | undefined;
  next: Session;
  previous: Session;
}

/** A day that trades from midnight to midnight, for a market told to stay open. */
function roundTheClock(date: string): Session {
  const end = instant(addDays(date, 1), 0);
  const start = instant(date, 0);
  return { date, startAt: start, openAt: start, closeAt: end, closeAtExt: end };
}

/** Reads the calendar together with the rules that bend it. */
export class Sessions {
  constructor(private readonly rules: SessionRules) {}

  get isRoundTheClock(): boolean {
    return this.rules.forced === 'open' || (this.rules.forced === null && this.rules.alwaysOpen);
  }

  isOpen(at: number): boolean {
    if (this.rules.forced !== null) return this.rules.forced === 'open';
    if (this.rules.alwaysOpen) return true;
    const session = sessionOn(dayOf(at));
    return session !== undefined && at >= session.openAt && at < session.closeAt;
  }

  view(at: number): SessionView {
    const today = dayOf(at);
    const next = neighbour(today, 1);
    const previous = neighbour(today, -1);
    if (this.isRoundTheClock) return { state: 'Open', session: roundTheClock(today), next, previous };
    if (this.rules.forced === 'closed') return { state: 'Closed', session: undefined, next, previous };
    const session = sessionOn(today);
    return { state: session ? stateWithin(session, at) : 'Closed', session, next, previous };
  }

  /** The last instant at or before `at` at which prices moved: a closed market keeps its closing prices. */
  lastTraded(at: number): number {
    if (this.isOpen(at)) return at;
    if (this.rules.forced === 'closed') return Math.min(at, this.rules.forcedAt);
    const session = sessionOn(dayOf(at));
    if (session && at >= session.closeAt) return session.closeAt;
    return neighbour(dayOf(at), -1).closeAt;
  }

  /** The end of the trading day that an order accepted at `at` belongs to, when Day orders expire. */
  dayOrderEnd(at: number): number {
    const today = dayOf(at);
    if (this.isRoundTheClock) return roundTheClock(today).closeAt;
    const session = sessionOn(today);
    return session && at < session.closeAt ? session.closeAt : neighbour(today, 1).closeAt;
  }
}

function stateWithin(session: Session, at: number): SessionState {
  if (at >= session.openAt && at < session.closeAt) return 'Open';
  if (at >= session.startAt && at < session.openAt) return 'Pre-market';
  return at >= session.closeAt && at < session.closeAtExt ? 'Extended' : 'Closed';
}
