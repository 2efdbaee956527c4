import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Pictures } from '../ports/pictures.js';
import type { Secrets } from '../ports/secrets.js';
import type { Drawn, Tools, Wish } from './wish.js';

/** A drawing that takes longer is given up, and the thread with it. */
const DEADLINE_MS = 2_000;
/** Whoever asks while so many wait goes without. */
const MOST_WAITING = 100;
/** After so long without a drawing the thread ends, and gives its memory back. */
const IDLE_MS = 30_000;

/**
 * What resvg leaves behind is given back when its thread ends and hardly before: V8 doesn't know how large it is. Five
 * hundred drawings by one thread grew the process by 150 MB, those of threads of twenty by 75.
 */
const RENEWED_AFTER = 20;

const { resolve } = createRequire(import.meta.url);
const FONTS = ['400Regular/Inter_400Regular.ttf', '700Bold/Inter_700Bold.ttf'];

/** The thread is well, the drawing isn't. */
class Undrawable extends Error {
  override readonly name = 'Undrawable';
}

export interface Limits {
  /** The thread's program; by default the one that is built. */
  program?: string;
  deadlineMs?: number;
  idleMs?: number;
  mostWaiting?: number;
  renewedAfter?: number;
}

/**
 * Draws in one thread of its own, begun with the first drawing: resvg and its font are loaded there and nowhere else, and
 * nothing here ever waits for it.
 */
export class ResvgPictures implements Pictures {
  readonly #limits: Required<Omit<Limits, 'program'>>;
  readonly #program: string | undefined;
  #worker: Worker | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #lastId = 0;
  /** By the thread that is. */
  #drawn = 0;
  #idle: NodeJS.Timeout | null = null;
  #stopped = false;

  /** @param secrets never drawn, whatever text from outside a picture repeats */
  constructor(
    private readonly secrets: Secrets,
    { program, ...limits }: Limits = {},
  ) {
    this.#program = program;
    this.#limits = {
      deadlineMs: DEADLINE_MS,
      idleMs: IDLE_MS,
      mostWaiting: MOST_WAITING,
      renewedAfter: RENEWED_AFTER,
      ...limits,
    };
  }

  async draw(svg: string): Promise<Uint8Array> {
    if (this.#stopped) throw new Error('drawing has stopped');
    if (this.#waiting >= this.#limits.mostWaiting) throw new Error(`${this.#waiting} drawings wait already`);
    this.#waiting += 1;
    const drawn = this.#queue.then(() => this.#drawNow(svg));
    this.#queue = drawn.catch(() => {});
    return drawn.finally(() => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#restLater();
    });
  }

  /** Ends the thread; what is wanted then isn't drawn any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
  }

  async #drawNow(svg: string): Promise<Uint8Array> {
    if (this.#stopped) throw new Error('drawing has stopped');
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#begun();
    this.#lastId += 1;
    try {
      const drawn = await answered(
        worker,
        { id: this.#lastId, svg: this.secrets.scrub(svg) },
        this.#limits.deadlineMs,
      );
      this.#drawn += 1;
      if (this.#drawn >= this.#limits.renewedAfter) await this.#end();
      if ('png' in drawn) return drawn.png;
      throw new Undrawable(drawn.failure);
    } catch (error) {
      // What the thread is at now, or how it died, is not known: the next drawing gets a fresh one.
      if (!(error instanceof Undrawable)) await this.#end();
      throw error;
    }
  }

  #begun(): Worker {
    if (this.#worker) return this.#worker;
    this.#drawn = 0;
    const tools: Tools = { fontFiles: FONTS.map(fontFile), family: 'Inter', scale: 2 };
    const worker = new Worker(this.#program ?? resolve('#pictures/worker'), {
      workerData: tools,
      execArgv: [],
    });
    // A process that has nothing else to do may end.
    worker.unref();
    // Whoever waits for a drawing is told; between two of them nobody is.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }

  #restLater(): void {
    this.#idle = setTimeout(() => void this.#end(), this.#limits.idleMs);
    this.#idle.unref();
  }

  async #end(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

function fontFile(name: string): string {
  return resolve(`@expo-google-fonts/inter/${name}`);
}

/** @throws Error if the thread dies, or says nothing in time */
function answered(worker: Worker, wish: Wish, withinMs: number): Promise<Drawn> {
  return new Promise((resolveDrawn, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(late);
      worker.off('message', heard);
      worker.off('error', failed);
      worker.off('exit', ended);
      settle();
    };
    const heard = (drawn: Drawn) => {
      if (drawn.id === wish.id) done(() => resolveDrawn(drawn));
    };
    const failed = (error: unknown) =>
      done(() => reject(new Error('the drawing thread failed', { cause: error })));
    const ended = () => done(() => reject(new Error('the drawing thread ended')));
    const late = setTimeout(() => done(() => reject(new Error(`not drawn within ${withinMs} ms`))), withinMs);
    late.unref();
    worker.on('message', heard);
    worker.on('error', failed);
    worker.on('exit', ended);
    worker.postMessage(wish);
  });
}
