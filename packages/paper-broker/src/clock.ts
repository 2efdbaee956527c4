/** The part of the clock that survives a restart: readings taken at one real instant. */
export interface ClockReading {
  realAt: number;
  marketAt: number;
  /** Venue milliseconds, see {@link MarketClock.venue}. */
  venueAt: number;
  speed: number;
}

/**
 * The market's time, which may run faster than the world's, stand still or be set. All values are epoch
 * milliseconds UTC.
 */
export class MarketClock {
  #reading: ClockReading;

  constructor(
    reading: ClockReading,
    private readonly real: () => number = Date.now,
  ) {
    this.#reading = reading;
  }

  static startingAt(marketAt: number, speed: number, real: () => number = Date.now): MarketClock {
    return new MarketClock({ realAt: real(), marketAt, venueAt: 0, speed }, real);
  }

  get speed(): number {
    return this.#reading.speed;
  }

  now(): number {
    return this.read().marketAt;
  }

  /**
   * Time by which orders travel: never goes back, and keeps real pace while the market is paused, so that an
   * order sent into a paused market still reaches the venue at the paused prices.
   */
  venue(): number {
    return this.read().venueAt;
  }

  /** Time by which access tokens age: the world's. Speed does not age them. */
  tokenTime(): number {
    return this.real();
  }

  read(): ClockReading {
    const realAt = this.real();
    const passed = Math.max(0, realAt - this.#reading.realAt);
    const { marketAt, venueAt, speed } = this.#reading;
    return {
      realAt,
      marketAt: marketAt + passed * speed,
      venueAt: venueAt + passed * Math.max(1, speed),
      speed,
    };
  }

  setSpeed(speed: number): void {
    this.#reading = { ...this.read(), speed };
  }

  /** Moves the market to an instant, past or future; a jump forward carries orders along. */
  setTo(marketAt: number): void {
    const before = this.read();
    const jump = Math.max(0, marketAt - before.marketAt);
    this.#reading = { ...before, marketAt, venueAt: before.venueAt + jump };
  }

  /** Lets time pass at once for the market and for orders. */
  advance(milliseconds: number): void {
    const before = this.read();
    this.#reading = {
      ...before,
      marketAt: before.marketAt + milliseconds,
      venueAt: before.venueAt + milliseconds,
    };
  }

  /** Real milliseconds until a venue instant; 0 if it has come. */
  realUntilVenue(venueAt: number): number {
    const reading = this.read();
    return Math.max(0, (venueAt - reading.venueAt) / Math.max(1, reading.speed));
  }
}
