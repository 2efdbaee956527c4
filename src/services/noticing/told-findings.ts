import { z } from 'zod';
import type { BotState } from '../../ports/bot-state.js';

/** So many messages are found again; older ones stand as they were told. */
const MOST_ROUNDS = 5;

const kept = z.record(
  z.string(),
  z.object({
    /** How often what is told has changed. */
    turn: z.number().int(),
    told: z.array(z.string()),
    rounds: z.array(z.object({ topic: z.string(), keys: z.array(z.string()) })),
  }),
);
type Kept = z.output<typeof kept>;
const UNTOLD: NonNullable<Kept[string]> = { turn: 0, told: [], rounds: [] };

/** What a message was to tell. */
export interface Round {
  account: string;
  keys: ReadonlySet<string>;
}

/** Which findings of each account were told, and in which message; kept over restarts. */
export class ToldFindings {
  constructor(private readonly state: BotState) {}

  /** Findings, by key, that were told and are there still, as far as is known; and how often that has changed. */
  async told(account: string): Promise<{ keys: ReadonlySet<string>; turn: number }> {
    const { told, turn } = (await this.#read())[account] ?? UNTOLD;
    return { keys: new Set(told), turn };
  }

  /** Null for a message that nobody is to find again. */
  async round(topic: string): Promise<Round | null> {
    for (const [account, { rounds }] of Object.entries(await this.#read())) {
      const round = rounds.find((each) => each.topic === topic);
      if (round) return { account, keys: new Set(round.keys) };
    }
    return null;
  }

  /** A message is to tell these. */
  async begin(topic: string, { account, keys }: Round): Promise<void> {
    await this.#change(account, ({ rounds, ...known }) => ({
      ...known,
      rounds: [...rounds.filter((each) => each.topic !== topic), { topic, keys: [...keys] }].slice(
        -MOST_ROUNDS,
      ),
    }));
  }

  /** These are told, and no others: what was told and is gone is news should it come back. */
  async keep(account: string, keys: ReadonlySet<string>): Promise<void> {
    await this.#change(account, ({ turn, rounds }) => ({ turn: turn + 1, told: [...keys], rounds }));
  }

  async #change(account: string, change: (known: typeof UNTOLD) => typeof UNTOLD): Promise<void> {
    const all = await this.#read();
    const changed = change(all[account] ?? UNTOLD);
    await this.state.remember('reconciled', JSON.stringify({ ...all, [account]: changed }));
  }

  /** A damaged memory is no reason to say nothing: then all is told once more. */
  async #read(): Promise<Kept> {
    try {
      return kept.parse(JSON.parse((await this.state.recall('reconciled')) ?? '{}'));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw error;
    }
  }
}
