import type { Message } from '@profit-target/local-discord/client';
import { buttonsOf, type Desk } from '../desk.js';

/** mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A press that lets something leave, as it was made. */
interface Press {
  interaction: string;
  /** The message whose button it was, as it looked then. */
  message: Message;
  /** How much the trader had seen by then. */
  eventsBefore: number;
  /** The bot was killed some time after it. */
  killedAfter: boolean;
}

/** On Submit. */
export interface Submitted extends Press {
  planId: string;
}

/** On what confirms a cancel. */
export interface Confirmed extends Press {
  cancellationId: string;
}

/** What happened in a run. */
export interface Told {
  submitted: Submitted[];
  confirmed: Confirmed[];
  /** Every step as it was taken, for whoever replays it. */
  steps: string[];
  kills: number;
  /** Faults that were switched on; each may hit several times. */
  faults: number;
  /** Contracts held when it began, by symbol; negative is short. */
  heldBefore: Map<string, number>;
}

/** A thing that may happen, and how often compared with the others. It says what it did. */
export interface Step {
  weight: number;
  take(stage: Stage): Promise<string>;
}

/** A run, as one of its steps works on it. */
export class Stage {
  readonly told: Told = {
    submitted: [],
    confirmed: [],
    steps: [],
    kills: 0,
    faults: 0,
    heldBefore: new Map(),
  };
  readonly previews: Message[] = [];
  readonly #underWay: Promise<unknown>[] = [];

  constructor(
    readonly desk: Desk,
    readonly database: string,
    /** From 0 up to 1. Each step has its own, so that one which is cut short leaves the others as they are. */
    public random: () => number,
  ) {}

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A whole number from 0 on. */
  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  ofWeight(steps: readonly Step[]): Step {
    return this.oneOf(steps.flatMap((step) => Array<Step>(step.weight).fill(step)));
  }

  /** Goes on beside the next steps. What fails, because the bot is down or Discord refuses, is no matter here. */
  beside(work: Promise<unknown>): Promise<unknown> {
    const quiet = work.catch(() => {});
    this.#underWay.push(quiet);
    return quiet;
  }

  async rest(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** A preview that can be submitted, as it looks now; mostly one that nobody has pressed yet. */
  aPreview(): Message | undefined {
    const open = this.previews.map((each) => this.desk.trader.current(each)).filter(submitOf);
    const pressed = new Set(this.told.submitted.map(({ message }) => message.id));
    const fresh = open.filter(({ id }) => !pressed.has(id));
    if (fresh.length > 0 && this.chance(0.8)) return this.oneOf(fresh);
    return open.length > 0 ? this.oneOf(open) : undefined;
  }
}

/** The whole label of its Submit, if it has one. */
export function submitOf(message: Message): string | undefined {
  return buttonsOf(message).find((label) => label.startsWith('Submit'));
}

/** The plan whose buttons a message carries. */
export function planOf(message: Message): string | undefined {
  return carriedBy(message, /^targets:submit:([^:]+)/);
}

/** The cancellation that a message asks about. */
export function cancellationOf(message: Message): string | undefined {
  return carriedBy(message, /^cancel:yes:(.+)/);
}

function carriedBy({ components }: Message, pattern: RegExp): string | undefined {
  const ids = components.flatMap((row) => row.components ?? []).flatMap(({ custom_id: id }) => id ?? []);
  return ids.flatMap((id) => pattern.exec(id)?.[1] ?? [])[0];
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
