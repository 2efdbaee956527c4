import type { EntityManager } from 'typeorm';
import type { KeptOrder, KeptReach, OrderArchive } from '../ports/order-archive.js';
import { chunks } from './chunks.js';
import { instantToMillis } from './columns.js';
import type { Database } from './database.js';

/** Orders a transaction adds: some milliseconds, while a press may be waiting to write its orders down. */
const BATCH = 100;

interface OrderRow {
  order_id: string;
  changed_at: number | string;
  payload: string;
}

/**
 * The archive in SQL that both databases read alike, without entities: its rows are many, plain, and nobody else's.
 * `$1` is what PostgreSQL calls its parameters, and SQLite numbers names in the order it meets them.
 */
export class DatabaseOrderArchive implements OrderArchive {
  constructor(private readonly database: Database) {}

  reach(account: string): Promise<KeptReach | null> {
    return this.database.read((manager) => reachOf(manager, account));
  }

  async touching(account: string, symbols: readonly string[]): Promise<KeptOrder[]> {
    const found: KeptOrder[] = [];
    for (const some of chunks(symbols)) {
      const touching = `SELECT DISTINCT "order_id" FROM "kept_order_symbols"
        WHERE "account" = $1 AND "symbol" IN (${places(some.length, 2)})`;
      const query = `SELECT "order_id", "changed_at", "payload" FROM "kept_orders"
        WHERE "account" = $1 AND "order_id" IN (${touching})`;
      found.push(...(await this.#orders(query, [account, ...some])));
    }
    return inOrder(found);
  }

  async changedSince(account: string, since: Date): Promise<KeptOrder[]> {
    const query = `SELECT "order_id", "changed_at", "payload" FROM "kept_orders"
      WHERE "account" = $1 AND "changed_at" >= $2`;
    return inOrder(await this.#orders(query, [account, instantToMillis(since)]));
  }

  begin(account: string, reach: KeptReach): Promise<void> {
    return this.database.write(async (manager) => {
      await putReach(manager, account, reach);
      for (const table of ['kept_order_symbols', 'kept_orders']) {
        await manager.query(`DELETE FROM "${table}" WHERE "account" = $1`, [account]);
      }
    });
  }

  async keep(account: string, orders: readonly KeptOrder[], reach: KeptReach): Promise<boolean> {
    for (const some of chunks(orders, BATCH)) {
      const mine = await this.#whileMine(account, reach, (manager) => insert(manager, account, some));
      if (!mine) return false;
    }
    return this.#whileMine(account, reach, (manager) => putReach(manager, account, reach));
  }

  /** Does nothing once the archive is another one. PostgreSQL holds its row, so that it stays this one meanwhile. */
  #whileMine(
    account: string,
    { generation }: KeptReach,
    work: (manager: EntityManager) => Promise<void>,
  ): Promise<boolean> {
    return this.database.write(async (manager) => {
      const lock = manager.connection.options.type === 'postgres' ? ' FOR UPDATE' : '';
      const known = await reachOf(manager, account, lock);
      if (known?.generation !== generation) return false;
      await work(manager);
      return true;
    });
  }

  async #orders(query: string, parameters: (string | number)[]): Promise<KeptOrder[]> {
    const rows = await this.database.read((manager) => manager.query<OrderRow[]>(query, parameters));
    return rows.map(({ order_id: id, changed_at: changed, payload }) => ({
      id,
      changedAt: new Date(Number(changed)),
      payload,
      symbols: [],
    }));
  }
}

async function reachOf(manager: EntityManager, account: string, lock = ''): Promise<KeptReach | null> {
  const query = `SELECT "generation", "payload" FROM "kept_reaches" WHERE "account" = $1${lock}`;
  const [row] = await manager.query<KeptReach[]>(query, [account]);
  return row ? { generation: row.generation, payload: row.payload } : null;
}

async function putReach(manager: EntityManager, account: string, reach: KeptReach): Promise<void> {
  await manager.query(
    `INSERT INTO "kept_reaches" ("account", "generation", "payload") VALUES ($1, $2, $3)
      ON CONFLICT ("account") DO UPDATE SET "generation" = excluded."generation", "payload" = excluded."payload"`,
    [account, reach.generation, reach.payload],
  );
}

async function insert(manager: EntityManager, account: string, orders: readonly KeptOrder[]): Promise<void> {
  const rows = orders.map(({ id, changedAt, payload }) => [account, id, instantToMillis(changedAt), payload]);
  await insertRows(manager, '"kept_orders" ("account", "order_id", "changed_at", "payload")', rows);
  const touched = orders.flatMap(({ id, symbols }) => symbols.map((symbol) => [account, symbol, id]));
  await insertRows(manager, '"kept_order_symbols" ("account", "symbol", "order_id")', touched);
}

/** An order that is there already is the same: it had ended. */
async function insertRows(
  manager: EntityManager,
  into: string,
  rows: readonly (string | number)[][],
): Promise<void> {
  for (const some of chunks(rows)) {
    const width = some[0]?.length ?? 0;
    const values = some.map((_, index) => `(${places(width, 1 + index * width)})`).join(', ');
    await manager.query(`INSERT INTO ${into} VALUES ${values} ON CONFLICT DO NOTHING`, some.flat());
  }
}

function places(count: number, from: number): string {
  return Array.from({ length: count }, (_, index) => `$${from + index}`).join(', ');
}

function inOrder(orders: readonly KeptOrder[]): KeptOrder[] {
  const once = new Map(orders.map((order) => [order.id, order]));
  return [...once.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
