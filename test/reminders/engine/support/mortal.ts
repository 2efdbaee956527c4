import { type ReminderBot, type Rules, signal, type World } from './world.js';

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
  readonly #death = signal();

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
      if (!this.dead) await Promise.race([stop(), this.#death.fired]);
    };
  }

  /** One look, and everything delivered; or until it is dead. */
  async look(): Promise<void> {
    await Promise.race([this.#lookAlive(), this.#death.fired]);
  }

  async #lookAlive(): Promise<void> {
    await this.engine.tick();
    await this.engine.idle();
  }

  #die(): void {
    this.dead = true;
    this.#death.fire();
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
          // While it does its last deed it lives: what else it asks for meanwhile is answered.
          if (this.death.deed) await Promise.resolve(Reflect.apply(value, real, args)).catch(() => undefined);
          this.#die();
          return never;
        };
      },
    });
  }
}
