import { UserError } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Halt, Halts } from '../../ports/halts.js';
import { type AccessRules, type Actor, assertMay } from './access.js';

export interface HaltingDeps {
  store: Halts;
  access: AccessRules;
  clock: Clock;
}

type Trader = Pick<Actor, 'userId' | 'roleIds'>;

/** Stops all sending at once, in every process on the database and over restarts, until somebody resumes it. */
export class Halting {
  /** As far as this process knows; `kept` once the database has it, so that another process can lift it. */
  #here: { halt: Halt; kept: boolean } | null = null;

  constructor(private readonly deps: HaltingDeps) {}

  /** Whether an order that is about to leave has to stay. Asks nobody: nothing may be waited for at that moment. */
  get holds(): boolean {
    return this.#here !== null;
  }

  /** @throws DatabaseFailure where it can't be known; nothing may be sent then */
  async current(): Promise<Halt | null> {
    const halt = await this.deps.store.currentHalt();
    if (halt) this.#here = { halt, kept: true };
    else if (this.#here?.kept) this.#here = null;
    return this.#here?.halt ?? null;
  }

  /** @throws UserError `HALTED` while nothing may be sent */
  async assertNone(): Promise<void> {
    const halt = await this.current();
    if (halt) throw new UserError('HALTED', { halt });
  }

  /**
   * Holds from the call on in this process, also where the database can't take it; for the others once it has.
   * @returns the halt that stands, which may be an earlier one
   * @throws UserError as `assertMay` says; DatabaseFailure
   */
  async halt(actor: Trader, reason: string | null): Promise<Halt> {
    const { access, clock, store } = this.deps;
    assertMay(access, actor, 'trade');
    const halt = { by: actor.userId, at: clock.now(), reason };
    this.#here ??= { halt, kept: false };
    const standing = await store.halt(this.#here.halt);
    this.#here = { halt: standing, kept: true };
    return standing;
  }

  /**
   * Lifts the very halt that was asked about: a later one is another decision.
   * @returns the halt that stands still, null if none does
   */
  async resume(actor: Trader, at: Date): Promise<Halt | null> {
    const { access, clock, store } = this.deps;
    assertMay(access, actor, 'trade');
    await store.liftHalt(at, actor.userId, clock.now());
    if (this.#here?.halt.at.getTime() === at.getTime()) this.#here = null;
    return this.current();
  }
}
