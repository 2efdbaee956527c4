import { setImmediate as breathe } from 'node:timers/promises';
import type { Reason } from '../../../domain/reasons.js';
import type { Claim } from '../../../ports/reminder-store.js';
import { FairQueue } from '../../telling/fair-queue.js';
import { type Bundle, bundlesOf, idsOf, joins } from './bundles.js';
import type { DelivererDeps } from './deps.js';
import { Sender } from './sender.js';

/**
 * Brings claimed occurrences to their channels: channels take turns, each gets its messages one after another, and at
 * most `concurrency` are under way. What it holds it renews; what it can't finish now it gives back.
 */
export class Deliverer<Content extends object> {
  readonly #queue = new FairQueue<Bundle>();
  readonly #held = new Set<number>();
  readonly #running = new Set<Promise<void>>();
  readonly #sender: Sender<Content>;
  #stopping = false;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: DelivererDeps<Content>) {
    this.#sender = new Sender(deps);
  }

  /** How many more claims it takes. */
  get room(): number {
    return this.#stopping ? 0 : Math.max(0, this.deps.rules.maxHeld - this.#held.size);
  }

  /** Occurrences that wait here or are under way. */
  get held(): number {
    return this.#held.size;
  }

  /** What it holds already (a lease that ran out while the machine slept) isn't taken a second time. */
  accept(claims: readonly Claim[]): void {
    const fresh = claims.filter(({ occurrence }) => !this.#held.has(occurrence.id));
    for (const id of idsOf(fresh)) this.#held.add(id);
    this.#enqueue(fresh);
    this.#pump();
  }

  /** Makes what is held last; to be called often, acts several times per lease. */
  async renew(): Promise<void> {
    const { store, owner, clock, rules } = this.deps;
    const now = clock.now().getTime();
    if (this.#held.size === 0 || Math.abs(now - this.#renewedAt) < rules.leaseMs / 5) return;
    await store.renew([...this.#held], owner, new Date(now + rules.leaseMs));
    this.#renewedAt = now;
  }

  /** Resolves when nothing waits or is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Finishes what is being sent and gives back the rest; safe to call again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const { store, owner, clock } = this.deps;
    const waiting = this.#queue.drain().flatMap(({ claims }) => idsOf(claims));
    if (waiting.length > 0) await store.release(waiting, owner, clock.now());
    for (const id of waiting) this.#held.delete(id);
    await this.idle();
  }

  #enqueue(claims: readonly Claim[]): void {
    const { clock, rules } = this.deps;
    for (const bundle of bundlesOf(claims, clock.now(), rules.lateMs)) {
      const waiting = this.#queue.find(bundle.channelId, (other) => joins(other, bundle));
      if (waiting) waiting.claims.push(...bundle.claims);
      else this.#queue.push(bundle.channelId, bundle);
    }
  }

  #pump(): void {
    while (this.#running.size < this.deps.rules.concurrency) {
      const next = this.#queue.take();
      if (!next) return;
      const run = this.#run(next.item).finally(() => {
        this.#queue.done(next.lane);
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #run(bundle: Bundle): Promise<void> {
    let kept: Claim[] = [];
    try {
      // Interactions come first: between two messages the event loop gets its turn.
      await breathe();
      const outcome = await this.#sender.deliver(bundle);
      if (outcome.kind === 'never-left') kept = outcome.claims;
      if (outcome.kind === 'put-off') await this.#putOffBehind(bundle.channelId, outcome.until, outcome.note);
    } catch (error) {
      // The database, most likely. The lease runs out, and then it is settled by looking.
      this.deps.log.error({ err: error, occurrences: idsOf(bundle.claims) }, 'a reminder was left hanging');
    } finally {
      for (const id of idsOf(bundle.claims)) this.#held.delete(id);
      for (const id of idsOf(kept)) this.#held.add(id);
    }
    if (kept.length > 0) await this.#again(kept);
  }

  /** Once more, as if just claimed; it may join a catch-up that waits. */
  async #again(claims: Claim[]): Promise<void> {
    if (!this.#stopping) return this.#enqueue(claims);
    await this.deps.store.release(idsOf(claims), this.deps.owner, this.deps.clock.now());
    for (const id of idsOf(claims)) this.#held.delete(id);
  }

  /** A channel that can't be written to now gets nothing else before what it is owed. */
  async #putOffBehind(channelId: string, until: Date, note: Reason): Promise<void> {
    const behind = this.#queue.drain(channelId);
    try {
      for (const bundle of behind) await this.#sender.putOff(bundle, until, { note, unsent: !bundle.doubt });
    } finally {
      for (const { claims } of behind) for (const id of idsOf(claims)) this.#held.delete(id);
    }
  }
}
