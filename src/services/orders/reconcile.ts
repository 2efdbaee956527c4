import { claimedBy } from '../../domain/covers.js';
import { BrokerError } from '../../domain/errors.js';
import { isOpen } from '../../domain/order-fills.js';
import { hasFree } from '../../domain/position-cover.js';
import type { BrokerOrder, Instrument } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { type OrderIntent, UNRESOLVED } from '../../ports/order-intents.js';
import type { Store } from '../../ports/store.js';
import type { Books, Desks } from '../accounts/desks.js';
import { knownOrder } from '../accounts/opening-order.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import { type WorkingOrder, workingOrders } from './working-orders.js';

/**
 * Where the journal, the broker's orders and what is held don't agree.
 * - `stale`: the journal has it working, and the broker's list shows no such order; `unknown` if it doesn't know it at all
 * - `unsettled`: sent, and nobody knows what became of it
 * - `elsewhere`: it works, closes what is held, and was not placed by us
 * - `loose`: it works and closes nothing that is held
 * - `over`: working orders together close more of a contract than is held
 * - `missing`, `part`: a position without any working target, or with too few
 */
export type Finding =
  | { kind: 'stale'; intent: OrderIntent; order: BrokerOrder | null; unknown: boolean }
  | { kind: 'unsettled'; intent: OrderIntent }
  | { kind: 'elsewhere'; order: WorkingOrder }
  | { kind: 'loose'; order: WorkingOrder; ours: boolean; renamed: readonly Instrument[] }
  | { kind: 'over'; instrument: Instrument; held: number; working: number; orders: readonly WorkingOrder[] }
  | { kind: 'missing' | 'part'; view: OpenPosition };

export interface Reconciliation {
  book: Book;
  /** Working orders of ours that close what is held: nothing is to be said of them. */
  matched: readonly WorkingOrder[];
  /** What a trader does about it comes first: what may close too much, then what is doubtful, then what is missing. */
  findings: readonly Finding[];
}

export interface Reconciliations extends Omit<Books, 'read'> {
  accounts: readonly Reconciliation[];
}

export interface ReconcileDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'workingIntents' | 'recordOrders'>;
  desks: Pick<Desks, 'read'>;
  clock: Pick<Clock, 'now'>;
}

/** Compares what was written down with what the broker has, account by account. Nothing is sent. */
export class ReconcileService {
  constructor(private readonly deps: ReconcileDeps) {}

  /** @throws as `Desks.read` */
  async read(account: string | null): Promise<Reconciliations> {
    const { read, ...rest } = await this.deps.desks.read(account);
    const accounts: Reconciliation[] = [];
    for (const book of read) accounts.push(await this.of(book));
    return { accounts, ...rest };
  }

  /** Of one account, as it was just read. */
  async of(book: Book): Promise<Reconciliation> {
    const { broker, store, clock } = this.deps;
    const journal = await store.workingIntents(book.account);
    const shown = new Set(book.openOrders.map(({ id }) => id));
    const gone = journal.filter(({ brokerOrderId }) => brokerOrderId !== null && !shown.has(brokerOrderId));
    const orders = new Map<string, BrokerOrder | null>();
    for (const { brokerOrderId } of gone) {
      const id = brokerOrderId ?? '';
      const order = await knownOrder(broker, book.account, id).catch(unread);
      if (order !== undefined) orders.set(id, order);
    }
    // What the broker says of them is taken over as from any other read.
    await store.recordOrders(
      [...orders.values()].filter((order) => order !== null),
      clock.now(),
    );
    return reconciled(book, journal, orders);
  }
}

/**
 * @param journal our orders that worked or were on their way when last told of
 * @param read those of them that the broker's list doesn't show, as far as they could be read; null for what it doesn't know
 */
export function reconciled(
  book: Book,
  journal: readonly OrderIntent[],
  read: ReadonlyMap<string, BrokerOrder | null>,
): Reconciliation {
  const working = workingOrders(book);
  const own = new Set(journal.flatMap(({ brokerOrderId }) => brokerOrderId ?? []));
  const isOurs = (order: WorkingOrder) => order.ours || own.has(order.order.id);
  const fitting = working.filter(({ positions }) => positions.length > 0);
  return {
    book,
    matched: fitting.filter(isOurs),
    findings: [
      ...overClosing(book, working),
      ...working
        .filter(({ positions }) => positions.length === 0)
        .map(
          (order): Finding => ({
            kind: 'loose',
            order,
            ours: isOurs(order),
            renamed: renamedTo(order, book),
          }),
        ),
      ...journal
        .filter(({ state }) => UNRESOLVED.includes(state))
        .map((intent): Finding => ({ kind: 'unsettled', intent })),
      ...staleOf(book, journal, read),
      ...fitting.filter((order) => !isOurs(order)).map((order): Finding => ({ kind: 'elsewhere', order })),
      ...uncovered(book),
    ],
  };
}

/** Two findings of one account are the same exactly where their keys are: a finding that changes gets another. */
export function findingKey(finding: Finding): string {
  switch (finding.kind) {
    case 'stale':
      return JSON.stringify(['stale', finding.intent.id, finding.order?.status ?? null, finding.unknown]);
    case 'unsettled':
      return JSON.stringify(['unsettled', finding.intent.id, finding.intent.lookalikes]);
    case 'elsewhere':
      return JSON.stringify(['elsewhere', finding.order.order.id]);
    case 'loose':
      return JSON.stringify(['loose', finding.order.order.id, finding.renamed.map(({ symbol }) => symbol)]);
    case 'over':
      return JSON.stringify(['over', finding.instrument.symbol, finding.held, finding.working]);
    default:
      return JSON.stringify([finding.kind, finding.view.id]);
  }
}

/** One that the broker's own answer for it says still works has only not reached its list yet. */
function staleOf(
  { openOrders }: Book,
  journal: readonly OrderIntent[],
  read: ReadonlyMap<string, BrokerOrder | null>,
): Finding[] {
  const shown = new Set(openOrders.map(({ id }) => id));
  return journal.flatMap((intent): Finding[] => {
    const { brokerOrderId } = intent;
    if (brokerOrderId === null || shown.has(brokerOrderId)) return [];
    const order = read.get(brokerOrderId) ?? null;
    const unknown = read.get(brokerOrderId) === null;
    return order && isOpen(order) ? [] : [{ kind: 'stale', intent, order, unknown }];
  });
}

/** Of contracts that are held at all: what closes nothing held is told as such. */
function overClosing({ holdings }: Book, working: readonly WorkingOrder[]): Finding[] {
  return holdings.flatMap(({ instrument, quantity: held }): Finding[] => {
    const claims = working.flatMap((order) => {
      const contracts = claimedBy({ lead: order.order, others: order.others }).get(instrument.symbol) ?? 0;
      return contracts > 0 ? [{ order, contracts }] : [];
    });
    const closing = claims.reduce((total, { contracts }) => total + contracts, 0);
    if (instrument.option === null || closing <= held) return [];
    return [{ kind: 'over', instrument, held, working: closing, orders: claims.map(({ order }) => order) }];
  });
}

/**
 * After a corporate action what is held has another root than the order that was to close it, with a digit appended (`XYZ1`).
 * Source: OCC, adjusted option symbols.
 */
function renamedTo({ order }: WorkingOrder, { holdings }: Book): Instrument[] {
  const roots = order.legs.flatMap(({ instrument: { option } }) => option ?? []);
  return holdings.flatMap(({ instrument }) => {
    const { option } = instrument;
    const was = roots.some(
      ({ root, type, expiration }) =>
        type === option?.type &&
        expiration === option.expiration &&
        root !== option.root &&
        plain(root) === plain(option.root),
    );
    return was ? [instrument] : [];
  });
}

function plain(root: string): string {
  return root.replace(/\d+$/, '');
}

function uncovered({ positions }: Book): Finding[] {
  return positions.flatMap((view): Finding[] => {
    const { cover, underWay } = view;
    if (underWay || cover.state === 'full' || !hasFree(cover)) return [];
    return [{ kind: cover.state === 'part' ? 'part' : 'missing', view }];
  });
}

function unread(error: unknown): undefined {
  if (error instanceof BrokerError) return undefined;
  throw error;
}
