import type { AccountName } from '../../domain/account-names.js';
import { type Why, whyOf } from '../../domain/errors.js';
import { countText } from '../../domain/text.js';
import type { OddRow } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { DatabaseHealth } from '../../ports/database-health.js';
import type { Halt } from '../../ports/halts.js';
import type { OddSteps, PlacedOrders } from '../../ports/placed-orders.js';
import type { ReminderStore } from '../../ports/reminder-store.js';
import { type AccessRules, EVERYONE } from '../access/access.js';
import type { Halting } from '../access/halting.js';
import type { WatchState } from '../accounts/account-watch.js';
import type { MissingAccount } from '../accounts/chosen-accounts.js';
import type { Desks } from '../accounts/desks.js';
import { restrictions } from './trading-status.js';

/** For so long an odd step is shown. */
const ODD_STEPS_MS = 7 * 86_400_000;

/** How the chat platform's connection really is. */
export type GatewayProbe = () => { connected: boolean; state: string; pingMs: number | null };

/** One thing looked at: fine or not, and what was seen. */
export interface Check {
  ok: boolean;
  text: Why;
}

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
    return { ok: connected, text: pingMs === null ? state : `${state}, ${pingMs} ms` };
  }

  async #broker(): Promise<Check> {
    const startedAt = this.deps.clock.now().getTime();
    return probe(async () => {
      await this.#asked();
      return `answers in ${this.deps.clock.now().getTime() - startedAt} ms`;
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
      return [{ name: null, standing: { ok: false, text: whyOf(error) }, stream: streamCheck(null) }];
    }
  }

  async #standing(account: string): Promise<Check> {
    try {
      const found = restrictions(await this.deps.broker.tradingStatus(account));
      return { ok: found.length === 0, text: found.join('; ') || 'trades without restriction' };
    } catch (error) {
      return { ok: false, text: whyOf(error) };
    }
  }

  async #database(): Promise<Check> {
    return probe(async () => {
      const { driver, pendingMigrations } = await this.deps.store.check();
      if (pendingMigrations > 0) throw new Error(`${pendingMigrations} migrations are pending`);
      return `${driver}, up to date, takes writes`;
    });
  }

  /** What keeps it from being read is told of the database. */
  #oddSteps(): Promise<OddSteps | null> {
    const { store, clock } = this.deps;
    return store.oddSteps(new Date(clock.now().getTime() - ODD_STEPS_MS)).catch(() => null);
  }

  async #market(): Promise<Check> {
    return probe(async () => {
      const session = await this.deps.broker.marketSession();
      const at = session.open ? session.closesAt : session.opensAt;
      const until = at
        ? `, ${session.open ? 'closes' : 'opens'} <t:${Math.floor(at.getTime() / 1000)}:R>`
        : '';
      return `${session.open ? 'open' : 'closed'}${until}`;
    });
  }

  async #reminders(): Promise<Check> {
    const { reminders, clock } = this.deps;
    return probe(async () => {
      const [backlog, next] = await Promise.all([reminders.backlog(clock.now()), reminders.nextDue()]);
      const due = backlog === 0 ? 'nothing is due' : `${backlog} due or under way`;
      return next ? `${due}, next <t:${Math.floor(next.getTime() / 1000)}:R>` : `${due}, none is scheduled`;
    });
  }

  #trading(): Check {
    const { access } = this.deps;
    if (access.readOnly) return { ok: false, text: 'off: read-only mode' };
    const users = access.traderUserIds.length;
    const roles = access.traderRoleIds.length;
    if (users + roles === 0) {
      return { ok: false, text: 'off: nobody is named in TRADER_USER_IDS or TRADER_ROLE_IDS' };
    }
    const home = this.deps.home?.known;
    const where = home ? `, on server ${home} alone` : '';
    return { ok: true, text: `on for ${countText(users, 'user')} and ${countText(roles, 'role')}${where}` };
  }

  #looking(): Check {
    const { viewerUserIds: users, viewerRoleIds: roles, traderUserIds, traderRoleIds } = this.deps.access;
    if ([...users, ...roles].includes(EVERYONE)) return { ok: true, text: 'everyone in the server' };
    if (users.length + roles.length > 0) {
      const viewers = `${countText(users.length, 'user')} and ${countText(roles.length, 'role')}`;
      return { ok: true, text: `traders, and ${viewers} as viewers` };
    }
    const nobody = traderUserIds.length + traderRoleIds.length === 0;
    return { ok: !nobody, text: nobody ? 'nobody is named' : 'traders only' };
  }
}

function streamCheck(state: WatchState | null): Check {
  if (state?.live) return { ok: true, text: `live since <t:${Math.floor(state.since.getTime() / 1000)}:t>` };
  return {
    ok: false,
    text: `down (${state?.reason ?? 'not started'}); I read the account before each order instead`,
  };
}

async function probe(look: () => Promise<string>): Promise<Check> {
  try {
    return { ok: true, text: await look() };
  } catch (error) {
    return { ok: false, text: whyOf(error) };
  }
}
