import type { AccountName } from '../../domain/account-names.js';
import { type Why, whyOf } from '../../domain/errors.js';
import type { OddRow } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { DatabaseHealth } from '../../ports/database-health.js';
import type { Halt } from '../../ports/halts.js';
import type { OddSteps, PlacedOrders } from '../../ports/placed-orders.js';
import type { ReminderStore } from '../../ports/reminder-store.js';
import { type AccessRules, permission } from '../access/access.js';
import type { Halting } from '../access/halting.js';
import type { WatchState } from '../accounts/account-watch.js';
import type { MissingAccount } from '../accounts/chosen-accounts.js';
import type { Desks } from '../accounts/desks.js';
import { type Restriction, restrictions } from './trading-status.js';

/** For so long an odd step is shown. */
const ODD_STEPS_MS = 7 * 86_400_000;

/** How the chat platform's connection really is. */
export type GatewayProbe = () => { connected: boolean; state: string; pingMs: number | null };

/** One thing looked at: fine or not, and what was seen. */
export interface Check {
  ok: boolean;
  seen: Seen;
}

/** What was seen of a part; a text is in others' words. */
export type Seen =
  | Why
  | { what: 'gateway'; state: string; pingMs: number | null }
  | { what: 'broker'; answeredInMs: number }
  | { what: 'standing'; restrictions: readonly Restriction[] }
  /** Null before it was ever started. */
  | { what: 'stream'; state: WatchState | null }
  | { what: 'database'; driver: string; pendingMigrations: number }
  /** When it closes, or opens next, if the broker tells. */
  | { what: 'market'; open: boolean; until: Date | null }
  | { what: 'reminders'; due: number; next: Date | null }
  | { what: 'trading'; off: 'read-only' | 'nobody' }
  | { what: 'trading'; off: null; users: number; roles: number; server: string | null }
  | { what: 'looking'; who: 'everyone' | 'traders' | 'nobody' }
  | { what: 'looking'; who: 'viewers'; users: number; roles: number };

export interface Status {
  environment: string;
  version: string;
  /** At least one. */
  accounts: readonly AccountStatus[];
  /** Accounts that are asked for and not to be had. */
  missing: readonly MissingAccount[];
  gateway: Check;
  broker: Check;
  /** The broker's rows that could not be read when the account was last looked at. */
  odd: readonly OddRow[];
  /** Steps of orders that can't be, as the broker told them lately; null where that can't be looked up. */
  oddSteps: OddSteps | null;
  database: Check;
  market: Check;
  reminders: Check;
  trading: Check;
  /** While nothing may be sent, whoever asks; null also where that can't be known, which `database` tells. */
  halt: Halt | null;
  /** Who may see the account. */
  looking: Check;
}

export interface AccountStatus {
  /** Null where the broker didn't tell which account this is. */
  name: AccountName | null;
  /** What the broker restricts it in. */
  standing: Check;
  stream: Check;
}

export interface StatusDeps {
  broker: Broker;
  store: DatabaseHealth & Pick<PlacedOrders, 'oddSteps'>;
  reminders: Pick<ReminderStore, 'backlog' | 'nextDue'>;
  clock: Clock;
  desks: Pick<Desks, 'all' | 'missing' | 'oddRows'>;
  gateway: GatewayProbe;
  access: AccessRules;
  halting: Pick<Halting, 'current'>;
  /** The one server that is answered, as far as known. */
  home?: { readonly known: string | null };
  environment: string;
  version: string;
}

/** Looks at every part the bot stands on, now; a part that fails is told, never thrown. */
export class StatusService {
  constructor(private readonly deps: StatusDeps) {}

  async read(): Promise<Status> {
    const { environment, version, desks, halting } = this.deps;
    const [broker, accounts, database, market, reminders, halt, oddSteps] = await Promise.all([
      this.#broker(),
      this.#accounts(),
      this.#database(),
      this.#market(),
      this.#reminders(),
      halting.current().catch(() => null),
      this.#oddSteps(),
    ]);
    return {
      environment,
      version,
      accounts,
      missing: desks.missing,
      gateway: this.#gateway(),
      broker,
      odd: desks.oddRows(),
      oddSteps,
      database,
      market,
      reminders,
      trading: this.#trading(),
      halt,
      looking: this.#looking(),
    };
  }

  #gateway(): Check {
    const { connected, state, pingMs } = this.deps.gateway();
    return { ok: connected, seen: { what: 'gateway', state, pingMs } };
  }

  async #broker(): Promise<Check> {
    const startedAt = this.deps.clock.now().getTime();
    return probe(async () => {
      await this.#asked();
      return { what: 'broker', answeredInMs: this.deps.clock.now().getTime() - startedAt };
    });
  }

  /** An account that can't be looked at says nothing about the broker, as long as another one can. */
  async #asked(): Promise<void> {
    const { broker, desks } = this.deps;
    let failed: unknown;
    for (const { number } of await desks.all()) {
      try {
        await broker.balances(number);
        return;
      } catch (error) {
        failed = error;
      }
    }
    throw failed;
  }

  async #accounts(): Promise<AccountStatus[]> {
    try {
      const all = await this.deps.desks.all();
      return await Promise.all(
        all.map(async ({ name, number, watch }) => ({
          name,
          standing: await this.#standing(number),
          stream: streamCheck(watch.state),
        })),
      );
    } catch (error) {
      return [{ name: null, standing: { ok: false, seen: whyOf(error) }, stream: streamCheck(null) }];
    }
  }

  async #standing(account: string): Promise<Check> {
    try {
      const found = restrictions(await this.deps.broker.tradingStatus(account));
      return { ok: found.length === 0, seen: { what: 'standing', restrictions: found } };
    } catch (error) {
      return { ok: false, seen: whyOf(error) };
    }
  }

  async #database(): Promise<Check> {
    try {
      const { driver, pendingMigrations } = await this.deps.store.check();
      return { ok: pendingMigrations === 0, seen: { what: 'database', driver, pendingMigrations } };
    } catch (error) {
      return { ok: false, seen: whyOf(error) };
    }
  }

  /** What keeps it from being read is told of the database. */
  #oddSteps(): Promise<OddSteps | null> {
    const { store, clock } = this.deps;
    return store.oddSteps(new Date(clock.now().getTime() - ODD_STEPS_MS)).catch(() => null);
  }

  async #market(): Promise<Check> {
    return probe(async () => {
      const session = await this.deps.broker.marketSession();
      const { open, closesAt, opensAt } = session;
      return { what: 'market', open, until: open ? closesAt : opensAt };
    });
  }

  async #reminders(): Promise<Check> {
    const { reminders, clock } = this.deps;
    return probe(async () => {
      const [due, next] = await Promise.all([reminders.backlog(clock.now()), reminders.nextDue()]);
      return { what: 'reminders', due, next };
    });
  }

  #trading(): Check {
    const { access } = this.deps;
    const answer = permission(access, ANYBODY, 'trade');
    if (answer === 'READ_ONLY') return { ok: false, seen: { what: 'trading', off: 'read-only' } };
    if (answer === 'NOBODY_MAY_TRADE') return { ok: false, seen: { what: 'trading', off: 'nobody' } };
    const users = access.traderUserIds.length;
    const roles = access.traderRoleIds.length;
    const server = this.deps.home?.known ?? null;
    return { ok: true, seen: { what: 'trading', off: null, users, roles, server } };
  }

  #looking(): Check {
    const { access } = this.deps;
    const { viewerUserIds: users, viewerRoleIds: roles } = access;
    if (permission(access, ANYBODY, 'look') === 'ok')
      return { ok: true, seen: { what: 'looking', who: 'everyone' } };
    if (users.length + roles.length > 0) {
      const seen = { what: 'looking', who: 'viewers', users: users.length, roles: roles.length } as const;
      return { ok: true, seen };
    }
    const nobody = permission(access, ANYBODY, 'schedule') === 'NOBODY_MAY_TRADE';
    return { ok: !nobody, seen: { what: 'looking', who: nobody ? 'nobody' : 'traders' } };
  }
}

/** A member of the server whom no setting names. */
const ANYBODY = { userId: '', roleIds: [], guildId: 'server' };

function streamCheck(state: WatchState | null): Check {
  return { ok: state?.live ?? false, seen: { what: 'stream', state } };
}

async function probe(look: () => Promise<Seen>): Promise<Check> {
  try {
    return { ok: true, seen: await look() };
  } catch (error) {
    return { ok: false, seen: whyOf(error) };
  }
}
