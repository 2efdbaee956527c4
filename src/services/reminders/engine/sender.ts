import { becauseOf, type Reason } from '../../../domain/reasons.js';
import { ChannelRefused, ChannelUnavailable } from '../../../ports/channel.js';
import type { Claim } from '../../../ports/reminder-store.js';
import { type Bundle, idsOf, withoutDoubt } from './bundles.js';
import { markerOf, nonceOf } from './content.js';
import type { DelivererDeps } from './deps.js';
import { pauseBefore } from './rules.js';

/** Clocks of this machine and Discord may differ by this much. */
const CLOCK_SKEW_MS = 60_000;

/**
 * - `over`: finished, failed, given back, or lost to another process
 * - `never-left`: in doubt no more: nothing was posted, so it may be bundled anew
 * - `put-off`: the channel can't be written to until then
 */
export type Delivery =
  | { kind: 'over' }
  | { kind: 'never-left'; claims: Claim[] }
  | { kind: 'put-off'; until: Date; note: Reason };

/** To be sent as it is, going on after the pages that are out already. */
interface ToSend {
  kind: 'to-send';
  begun: readonly string[];
}

const OVER: Delivery = { kind: 'over' };

interface Setback {
  note: Reason;
  /** Nothing can have been posted. */
  unsent: boolean;
}

/** Could not be told what to say. Concerns these reminders only, not their channel. */
class NothingToTellYet extends Error {}

/**
 * Delivers one message, once: look whether it left before, build it, mark it as leaving, send it, write down where it
 * is. Only the database can throw here; then nothing is known to be finished and the claim's lease runs out.
 */
export class Sender<Content extends object> {
  constructor(private readonly deps: DelivererDeps<Content>) {}

  async deliver(bundle: Bundle): Promise<Delivery> {
    try {
      const settled = await this.#settle(bundle);
      return settled.kind === 'to-send' ? await this.#send(bundle, settled.begun) : settled;
    } catch (error) {
      return this.#setBack(bundle, error);
    }
  }

  /**
   * Gives claims back until an instant, and ends those whose grace is over by then: their owners are told.
   *
   * @throws what the store throws
   */
  async putOff({ claims }: Bundle, until: Date, { note, unsent }: Setback): Promise<void> {
    const { store, owner, clock, rules } = this.deps;
    const overAt = ({ occurrence }: Claim) => occurrence.dueAt.getTime() + rules.graceMs;
    const hopeless = claims.filter((claim) => overAt(claim) < until.getTime());
    const rest = claims.filter((claim) => overAt(claim) >= until.getTime());
    if (rest.length > 0) await store.postponeTogether(idsOf(rest), owner, { until, note, unsent });
    if (hopeless.length === 0) return;
    const reason: Reason = unsent ? note : { code: 'PERHAPS_POSTED', after: note };
    await store.fail(idsOf(hopeless), owner, { reason, at: clock.now(), pause: false });
    this.deps.onNotice();
  }

  /** Where an earlier try may have got through: looks how far. */
  async #settle(bundle: Bundle): Promise<Delivery | ToSend> {
    const { messenger, store, owner, clock, rules } = this.deps;
    const { doubt, channelId, claims } = bundle;
    if (!doubt) return { kind: 'to-send', begun: [] };
    const since = new Date(doubt.dispatchedAt.getTime() - CLOCK_SKEW_MS);
    const sent = await outside(() => messenger.findSent(channelId, markerOf(doubt.leadId), since));
    const at = clock.now();
    if (sent?.whole) {
      const messageRef = sent.pages.at(-1) ?? null;
      await store.finishTogether(idsOf(claims), owner, { state: 'sent', messageRef, at });
      return OVER;
    }
    if (sent) return { kind: 'to-send', begun: sent.pages };
    // A message that just left may not be seen yet: then only the same nonce keeps it from being posted twice.
    const fresh = at.getTime() - doubt.dispatchedAt.getTime() < rules.settledMs;
    const sameLead = claims[0]?.occurrence.id === doubt.leadId;
    if (fresh && sameLead) return { kind: 'to-send', begun: [] };
    return { kind: 'never-left', claims: withoutDoubt(bundle) };
  }

  async #send(bundle: Bundle, begun: readonly string[]): Promise<Delivery> {
    const { messenger, store, owner, clock, rules } = this.deps;
    const { channelId, late } = bundle;
    const claims = await this.#withinGrace(bundle.claims);
    const ids = idsOf(claims);
    const [lead] = ids;
    if (lead === undefined) return OVER;
    const content = await this.#content(claims, late);
    if (content === null) {
      const messageRef = begun.at(-1) ?? null;
      const state = messageRef === null ? 'empty' : 'sent';
      await store.finishTogether(ids, owner, { state, messageRef, at: clock.now() });
      return OVER;
    }
    const now = clock.now();
    // Its first page is looked for from here on, should this try fail as well.
    const since = begun.length > 0 && bundle.doubt ? bundle.doubt.dispatchedAt : now;
    const ours = await store.dispatch(ids, owner, since, new Date(now.getTime() + rules.leaseMs));
    if (ours.length < ids.length) {
      // Removed meanwhile, or lost to another process: the message would say too much.
      const rest = claims.filter(({ occurrence }) => ours.includes(occurrence.id));
      return this.#send({ ...bundle, claims: rest }, begun);
    }
    const address = { channelId, nonce: nonceOf(lead), begun };
    const { ref } = await outside(() => messenger.send({ ...address, ...content }));
    await store.finishTogether(ids, owner, { state: 'sent', messageRef: ref, at: clock.now() });
    return OVER;
  }

  async #content(claims: Claim[], late: boolean): Promise<Content | null> {
    try {
      return await this.deps.builder.build(claims, { late, now: this.deps.clock.now() });
    } catch (error) {
      throw new NothingToTellYet('nothing to tell yet', { cause: error });
    }
  }

  /** Those whose grace is over are ended, and their owners told. */
  async #withinGrace(claims: Claim[]): Promise<Claim[]> {
    const { store, owner, clock, rules, onNotice } = this.deps;
    const now = clock.now();
    const oldest = now.getTime() - rules.graceMs;
    const over = claims.filter(({ occurrence }) => occurrence.dueAt.getTime() < oldest);
    if (over.length === 0) return claims;
    const reason = over.find(({ occurrence }) => occurrence.note)?.occurrence.note;
    const failure = { reason: reason ?? ({ code: 'OUT_OF_TIME' } as const), at: now, pause: false };
    await store.fail(idsOf(over), owner, failure);
    onNotice();
    return claims.filter((claim) => !over.includes(claim));
  }

  async #setBack(bundle: Bundle, error: unknown): Promise<Delivery> {
    const { log } = this.deps;
    const occurrences = idsOf(bundle.claims);
    if (error instanceof ChannelRefused) {
      log.warn({ err: error, occurrences, channel: bundle.channelId }, 'a reminder was refused');
      return this.#refused(bundle, error);
    }
    if (error instanceof NothingToTellYet) {
      log.warn({ err: error.cause, occurrences }, 'a reminder could not be put together; trying again');
      const note = { code: 'NOT_PUT_TOGETHER', because: becauseOf(error.cause) } as const;
      await this.putOff(bundle, this.#nextTry(bundle, 0), { note, unsent: !bundle.doubt });
      return OVER;
    }
    if (!(error instanceof ChannelUnavailable)) throw error;
    log.warn({ err: error, occurrences, channel: bundle.channelId }, 'a reminder did not get through');
    const until = this.#nextTry(bundle, error.retryAfterMs ?? 0);
    const note = { code: 'NOT_TAKEN', because: error.reason } as const;
    await this.putOff(bundle, until, { note, unsent: !error.maybeSent && !bundle.doubt });
    return { kind: 'put-off', until, note };
  }

  async #refused({ claims }: Bundle, { reason }: ChannelRefused): Promise<Delivery> {
    const { store, owner, clock, onNotice } = this.deps;
    await store.fail(idsOf(claims), owner, { reason, at: clock.now(), pause: true });
    onNotice();
    return OVER;
  }

  #nextTry({ claims }: Bundle, atLeastMs: number): Date {
    const { clock, random, rules } = this.deps;
    const attempts = Math.max(...claims.map(({ occurrence }) => occurrence.attempts));
    const pause = Math.max(atLeastMs, pauseBefore(attempts, random(), rules));
    return new Date(clock.now().getTime() + pause);
  }
}

/** A messenger that fails in a way of its own may have posted: only looking tells. */
async function outside<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ChannelRefused || error instanceof ChannelUnavailable) throw error;
    throw new ChannelUnavailable(error instanceof Error ? error.message : String(error), {
      maybeSent: true,
      cause: error,
    });
  }
}
