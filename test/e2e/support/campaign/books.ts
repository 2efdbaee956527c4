import sqlite3 from 'sqlite3';

/* What the bot has written down, read past it. */

export interface PlanEntry {
  id: string;
  status: string;
  expires_at: number;
}

export interface IntentEntry {
  id: number;
  plan_id: string;
  state: string;
  external_identifier: string;
  broker_order_id: string | null;
  broker_state: string | null;
}

interface QuestionEntry {
  id: string;
  status: string;
  expires_at: number;
}

/** Of a cancellation that was confirmed, by itself or with the plan whose orders it makes way for. */
export interface CancelEntry {
  cancellation_id: string;
  plan_id: string | null;
  order_id: string;
  complex_id: string | null;
  state: string;
}

interface FillEntry {
  intent_id: number;
  fill_id: string;
  symbol: string;
  quantity: number;
}

export interface Books {
  plans: Map<string, PlanEntry>;
  questions: Map<string, QuestionEntry>;
  intents: IntentEntry[];
  cancels: CancelEntry[];
  fills: FillEntry[];
  /** Results still owed, orders still unknown, contracts still reserved, cancels without an end. */
  open: string[];
}

const UNRESOLVED = ['reserved', 'submitting', 'unknown'];
const ASKED = ['requesting', 'requested', 'unknown'];

export async function readBooks(file: string): Promise<Books> {
  const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
  const all = <T>(sql: string) =>
    new Promise<T[]>((resolve, reject) =>
      database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows as T[]))),
    );
  try {
    const plans = await all<PlanEntry>('SELECT id, status, expires_at FROM plans');
    const intents = await all<IntentEntry>(
      'SELECT id, plan_id, state, external_identifier, broker_order_id, broker_state FROM order_intents',
    );
    const cancels = await all<CancelEntry>(
      `SELECT cancellation_id, plan_id, order_id, complex_id, state FROM cancels
        JOIN cancellations ON cancellations.id = cancels.cancellation_id WHERE status = 'claimed'`,
    );
    const questions = await all<QuestionEntry>('SELECT id, status, expires_at FROM cancellations');
    const fills = await all<FillEntry>('SELECT intent_id, fill_id, symbol, quantity FROM fills');
    const owed = await all<{ plan_id: string; kind: string; status: string }>(
      `SELECT errands.plan_id, kind, status FROM errands JOIN plans ON plans.id = errands.plan_id
        WHERE kind = 'result' OR status <> 'open'`,
    );
    const held = await all<{ symbol: string }>('SELECT symbol FROM reservations WHERE released_at IS NULL');
    return {
      plans: new Map(plans.map((plan) => [plan.id, plan])),
      questions: new Map(questions.map((question) => [question.id, question])),
      intents,
      cancels,
      fills,
      open: [
        ...owed.map((each) => `still owed: ${each.kind} of ${each.plan_id}, ${each.status}`),
        ...intents
          .filter(({ state }) => UNRESOLVED.includes(state))
          .map((each) => `still ${each.state}: ${each.external_identifier}`),
        ...cancels
          .filter(({ state }) => ASKED.includes(state))
          .map((each) => `the cancel of ${each.order_id} is still ${each.state}`),
        ...held.map(({ symbol }) => `still reserved: ${symbol}`),
      ],
    };
  } finally {
    await new Promise<void>((resolve) => database.close(() => resolve()));
  }
}
