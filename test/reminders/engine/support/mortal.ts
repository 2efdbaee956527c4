import { type ReminderBot, type Rules, until, type World } from './world.js';

/** At which call to the world outside a process dies, and whether that call still does its deed. */
export interface Death {
  atCall: number;
  deed: boolean;
}

/**
 * A bot process that dies at its n-th call to the database or Discord: nothing it asks for after that happens, and
 * nothing it asked for is ever answered.
 */
export class Mortal {
  readonly engine: ReminderBot;
  dead = false;
  calls = 0;

  constructor(
    world: World,
    private readonly death: Death | null,
    rules: Rules = {},
  ) {
    const store = this.#mortal(world.store);
    const discord = this.#mortal(world.discord);
    const outbox = this.#mortal(world.outbox);
    this.engine = world.bot(rules, { store, outbox, discord });
    const { stop } = this.engine;
    // The dead give nothing back, also where death comes while it stops.
    this.engine.stop = async () => {
      let over = this.dead;
      if (!over) void stop().finally(() => (over = true));
      await until(() => over || this.dead);
    };
  }

  /** One look, and everything delivered; or until it is dead. */
  async look(): Promise<void> {
    let over = this.dead;
    const { engine } = this;
    const work = (async () => {
      await engine.tick();
      await engine.idle();
      over = true;
    })();
    void work;
    await until(() => over || this.dead);
  }

  #mortal<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (real, name) => {
        const value = Reflect.get(real, name, real) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          const never = new Promise<never>(() => undefined);
          if (this.dead) return never;
          this.calls += 1;
          if (this.calls !== this.death?.atCall) {
            const result: unknown = await Reflect.apply(value, real, args);
            return this.dead ? never : result;
          }
          if (!this.death.deed) this.dead = true;
          else await Promise.resolve(Reflect.apply(value, real, args)).catch(() => undefined);
          this.dead = true;
          return never;
        };
      },
    });
  }
}
