import type { Message } from '@profit-target/local-discord/client';
import type { PaperFault } from '@profit-target/paper-broker/client';
import sqlite3 from 'sqlite3';
import { buttonsOf, type Desk, until } from './desk.js';

/* A seeded random script over a desk: what traders do, and what breaks meanwhile. */

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

/** A press on Submit, as it was made. */
export interface Pressed {
  interaction: string;
  planId: string;
  preview: Message;
  /** How much the trader had seen by then. */
  eventsBefore: number;
  /** The bot was killed some time after it. */
  killedAfter: boolean;
}

export interface Told {
  presses: Pressed[];
  /** Every step as it was taken, for whoever replays it. */
  steps: string[];
}

const PLACING = '/orders$';
const BROKER_FAULTS: PaperFault[] = [
  { kind: 'drop-before-commit', method: 'POST', path: PLACING },
  { kind: 'drop-after-commit', method: 'POST', path: PLACING },
  { kind: 'error-after-commit', method: 'POST', path: PLACING, status: 502 },
  { kind: 'error-after-commit', method: 'POST', path: PLACING, status: 500 },
  { kind: 'status', method: 'POST', path: PLACING, status: 503 },
  { kind: 'status', method: 'POST', path: PLACING, status: 422, reason: 'not today' },
  { kind: 'garbage', method: 'POST', path: PLACING },
  { kind: 'hang-after-commit', method: 'POST', path: PLACING },
  { kind: 'slow-answer', method: 'POST', path: PLACING, ms: 2_500 },
  { kind: 'latency', method: 'POST', path: PLACING, ms: 1_500 },
  { kind: 'status', method: 'GET', path: '/orders', status: 503 },
  { kind: 'drop-before-commit', method: 'GET', path: '/positions$' },
  { kind: 'latency', method: 'GET', path: '/(positions|orders)', ms: 1_000 },
];
const DISCORD_ROUTES = [
  'POST /channels/',
  'PATCH /channels/',
  'PATCH /webhooks/',
  'POST /webhooks/',
  'POST /interactions/',
];
const DISCORD_FAULTS = [
  '5xx',
  '5xx-after-commit',
  'reset',
  'reset-after-commit',
  '429-user',
  '429-page',
  'slow',
  'slow-after-commit',
];

export class FaultScript {
  readonly told: Told = { presses: [], steps: [] };
  readonly #random: () => number;
  readonly #previews: Message[] = [];
  readonly #asked: Promise<void>[] = [];
  #alive = true;

  constructor(
    private readonly desk: Desk,
    private readonly database: string,
    seed: number,
  ) {
    this.#random = randomOf(seed);
  }

  /** Takes `count` steps, and then makes all that broke whole again. Resolves once the bot answers. */
  async run(count: number): Promise<Told> {
    const steps = [
      ...Array(5).fill(() => this.#preview()),
      ...Array(6).fill(() => this.#press()),
      () => this.#cancel(),
      () => this.#refresh(),
      ...Array(4).fill(() => this.#breakBroker()),
      ...Array(4).fill(() => this.#breakDiscord()),
      () => this.#breakGateway(),
      () => this.#cutStream(),
      ...Array(2).fill(() => this.#lock()),
      ...Array(3).fill(() => this.#kill()),
    ] as (() => Promise<string>)[];
    await this.#take(() => this.#preview());
    for (let step = 0; step < count; step += 1) {
      await this.#take(this.#oneOf(steps));
      if (this.#random() < 0.5) await wait(this.#random() * 800);
    }
    await this.#mend();
    return this.told;
  }

  async #take(step: () => Promise<string>): Promise<void> {
    this.told.steps.push(await step());
  }

  async #preview(): Promise<string> {
    const position = 1 + Math.floor(this.#random() * 12);
    const ask = async () => {
      const answer = await this.desk.trader.answer(
        await this.desk.trader.command('targets', { position: String(position) }),
        10_000,
      );
      if (submitOf(answer)) this.#previews.push(answer);
    };
    // While it is down or Discord refuses, nothing answers; that is no matter here.
    const asked = ask().catch(() => {});
    this.#asked.push(asked);
    if (this.#random() < 0.8) await asked;
    return `preview #${position}`;
  }

  async #press(): Promise<string> {
    const preview = this.#aPreview();
    const label = preview && submitOf(preview);
    const planId = preview && planOf(preview);
    if (!preview || !label || !planId) return 'press nothing';
    const eventsBefore = this.desk.trader.events.length;
    const interaction = await this.desk.trader.press(preview, label).catch(tooLate);
    if (!interaction) return `press ${planId} too late`;
    this.told.presses.push({ interaction, planId, preview, eventsBefore, killedAfter: false });
    return `press ${planId}`;
  }

  async #cancel(): Promise<string> {
    const preview = this.#aPreview();
    if (preview) await this.desk.trader.press(preview, 'Discard').catch(tooLate);
    return `cancel ${preview && planOf(preview)}`;
  }

  async #refresh(): Promise<string> {
    const preview = this.#aPreview();
    if (preview) await this.desk.trader.press(preview, 'Refresh').catch(tooLate);
    return `refresh ${preview && planOf(preview)}`;
  }

  async #breakBroker(): Promise<string> {
    const fault = { ...this.#oneOf(BROKER_FAULTS), times: 1 + Math.floor(this.#random() * 3) };
    await this.desk.admin.fault(fault);
    return `broker ${fault.kind} ${fault.method} ${fault.path} ${fault.status ?? ''}×${fault.times}`;
  }

  async #breakDiscord(): Promise<string> {
    const fault = {
      kind: this.#oneOf(DISCORD_FAULTS),
      route: this.#oneOf(DISCORD_ROUTES),
      times: 1 + Math.floor(this.#random() * 6),
      ms: 3_000,
      retry_after: 1,
    };
    await this.desk.trader.faults.add(fault);
    return `discord ${fault.kind} ${fault.route} ×${fault.times}`;
  }

  async #breakGateway(): Promise<string> {
    const { gateway } = this.desk.trader;
    const what = this.#oneOf(['drop', 'reconnect', 'invalidSession'] as const);
    await gateway[what]();
    return `gateway ${what}`;
  }

  async #cutStream(): Promise<string> {
    const action = this.#oneOf(['drop', 'mute', 'silence', 'resume'] as const);
    await this.desk.admin.stream(action);
    return `stream ${action}`;
  }

  async #lock(): Promise<string> {
    const ms = 200 + this.#random() * 4_000;
    const locked = lockFor(this.database, ms);
    this.#asked.push(locked);
    return `lock ${Math.round(ms)} ms`;
  }

  async #kill(): Promise<string> {
    await this.desk.bot.kill9();
    this.#alive = false;
    for (const press of this.told.presses) press.killedAfter = true;
    const awayFirst = this.#random() < 0.3;
    if (awayFirst) {
      await this.desk.trader.faults.add({ kind: 'reset', route: 'GET /gateway/bot', times: 6 });
    }
    await wait(this.#random() * 1_500);
    this.desk.bot.start();
    this.#alive = true;
    if (this.#random() < 0.6) {
      await this.desk.trader.waitForBot(false, 10_000).catch(() => {});
      await this.desk.trader.waitForBot(true, 20_000).catch(() => {});
    }
    return `kill${awayFirst ? ', Discord away' : ''}`;
  }

  async #mend(): Promise<void> {
    const { desk } = this;
    await Promise.all(this.#asked);
    await desk.admin.clearFaults();
    await desk.trader.faults.clear();
    await desk.admin.stream('drop');
    await desk.admin.stream('resume');
    if (!this.#alive) desk.bot.start();
    await until(async () => (await desk.trader.state()).bots[0].online || desk.bot.exitCode !== null, 60_000);
  }

  #aPreview(): Message | undefined {
    const open = this.#previews.map((each) => this.desk.trader.current(each)).filter(submitOf);
    return open.length > 0 ? this.#oneOf(open) : undefined;
  }

  #oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }
}

export function submitOf(message: Message): string | undefined {
  return buttonsOf(message).find((label) => label.startsWith('Submit'));
}

/** The plan whose buttons a message carries. */
export function planOf({ components }: Message): string | undefined {
  const ids = components.flatMap((row) => row.components ?? []).flatMap(({ custom_id: id }) => id ?? []);
  const submit = ids.find((id) => /^targets:submit:/.test(id));
  return submit?.split(':')[2];
}

/** The button went while the finger came down. */
function tooLate(): undefined {}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function lockFor(file: string, ms: number): Promise<void> {
  const other = new sqlite3.Database(file);
  const run = (sql: string) => new Promise<void>((resolve) => other.run(sql, () => resolve()));
  await run('PRAGMA busy_timeout = 5000');
  await run('BEGIN IMMEDIATE');
  await wait(ms);
  await run('ROLLBACK');
  await new Promise<void>((resolve) => other.close(() => resolve()));
}
