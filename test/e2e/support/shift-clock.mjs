// Loaded before the bot's own code (`node --import`): moves its clock, so that a test can live through a change to
// daylight saving or a holiday. The bot knows nothing of it.
const Real = Date;
const offset = Real.parse(process.env.CLOCK_AT) - Real.now();

globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length === 0) super(Real.now() + offset);
    else super(...parts);
  }

  static now() {
    return Real.now() + offset;
  }
};
