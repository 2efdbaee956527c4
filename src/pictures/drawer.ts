import { type ChildProcess, fork } from 'node:child_process';
import type { Drawn, Tools, Wish } from './wish.js';

/** The process that draws, from its first drawing to its end. */
export class Drawer {
  readonly #child: ChildProcess;
  #lastId = 0;
  #ended: string | null = null;

  constructor(program: string, tools: Tools) {
    this.#child = fork(program, [JSON.stringify(tools)], {
      // It needs no settings, least of all tokens.
      env: { PATH: process.env.PATH },
      execArgv: [],
      serialization: 'advanced',
      stdio: 'ignore',
    });
    // Whoever waits for a drawing is told; between two of them nobody is.
    this.#child.on('error', (error) => {
      this.#ended ??= error.message;
    });
    this.#child.on('exit', (code, signal) => {
      this.#ended ??= `exit ${code ?? signal}`;
    });
    this.#hold(false);
  }

  /** How many it has drawn, or tried to. */
  get drawn(): number {
    return this.#lastId;
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** @throws Error if the process dies, or says nothing in time: what it is at then is not known */
  async draw(svg: string, withinMs: number): Promise<Drawn> {
    this.#lastId += 1;
    this.#hold(true);
    try {
      return await this.#answered({ id: this.#lastId, svg }, withinMs);
    } finally {
      this.#hold(false);
    }
  }

  /** It holds nothing that would have to be put down first, and may be deaf. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  /** A process that has nothing else to do waits for a drawing, and may end between two of them. */
  #hold(held: boolean): void {
    const change = held ? 'ref' : 'unref';
    this.#child[change]();
    this.#child.channel?.[change]();
  }

  #answered(wish: Wish, withinMs: number): Promise<Drawn> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(late);
        child.off('message', heard);
        child.off('error', ended);
        child.off('exit', ended);
        settle();
      };
      const heard = (message: unknown) => {
        const drawn = message as Drawn;
        if (drawn.id === wish.id) done(() => resolve(drawn));
      };
      const ended = () => done(() => reject(new Error(`the drawing process ended: ${this.#ended}`)));
      const late = setTimeout(
        () => done(() => reject(new Error(`not drawn within ${withinMs} ms`))),
        withinMs,
      );
      child.on('message', heard);
      child.on('error', ended);
      child.on('exit', ended);
      if (this.#ended === null) child.send(wish, (error) => error && ended());
      else ended();
    });
  }
}
