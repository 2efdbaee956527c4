/** Whose request it is: everyone who only looks shares one line, every trader has a line of their own. */
export interface Asker {
  userId: string;
  trader: boolean;
}

/** How many previews of one line are built side by side. */
const TRADERS_WIDTH = 3;
const VIEWERS_WIDTH = 2;

/**
 * Lets no preview wait for those of people who only look, nor for all that one trader asked. In a line the first come
 * is served first, and of one thing one preview at a time is built: whoever asks for it meanwhile gets the next one,
 * which all who wait for it share. Nobody is given a look at the account from before the question.
 */
export class PreviewTurns<T> {
  readonly #lines = new Map<string, Line<T>>();

  /**
   * @param thing what two requests have in common that may share a result
   * @returns what `work` makes, begun by this call or by one that waits for the same thing in the same line
   * @throws whatever `work` throws, to all who share it
   */
  run({ userId, trader }: Asker, thing: string, work: () => Promise<T>): Promise<T> {
    const name = trader ? `trader ${userId}` : 'viewers';
    const line = this.#lines.get(name) ?? new Line<T>(trader ? TRADERS_WIDTH : VIEWERS_WIDTH);
    this.#lines.set(name, line);
    return line.run(thing, work, () => this.#lines.delete(name));
  }
}

interface Waiting<T> {
  thing: string;
  result: Promise<T>;
  begin(): Promise<unknown>;
}

class Line<T> {
  readonly #underWay = new Set<string>();
  /** Oldest first, of one thing at most one. */
  #waiting: Waiting<T>[] = [];

  constructor(private readonly width: number) {}

  run(thing: string, work: () => Promise<T>, onEmpty: () => void): Promise<T> {
    const shared = this.#waiting.find((each) => each.thing === thing);
    if (shared) return shared.result;
    const { promise, resolve } = deferred<T>();
    const begin = () => {
      const done = (async () => work())();
      resolve(done);
      return done.catch(() => {});
    };
    this.#waiting.push({ thing, result: promise, begin });
    this.#next(onEmpty);
    return promise;
  }

  #next(onEmpty: () => void): void {
    if (this.#underWay.size >= this.width) return;
    const next = this.#waiting.find(({ thing }) => !this.#underWay.has(thing));
    if (!next) {
      if (this.#underWay.size === 0) onEmpty();
      return;
    }
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#underWay.add(next.thing);
    void next.begin().then(() => {
      this.#underWay.delete(next.thing);
      this.#next(onEmpty);
    });
  }
}

function deferred<T>(): { promise: Promise<T>; resolve(value: Promise<T>): void } {
  let resolve: (value: Promise<T>) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
