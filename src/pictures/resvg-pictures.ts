import { createRequire } from 'node:module';
import type { Pictures } from '../ports/pictures.js';
import type { Secrets } from '../ports/secrets.js';
import { Drawer } from './drawer.js';
import type { Tools } from './wish.js';

/** A drawing that takes longer is given up, and the process with it. */
const DEADLINE_MS = 2_000;
/** Whoever asks while so many wait goes without. */
const MOST_WAITING = 100;
/** After so long without a drawing the process ends. */
const IDLE_MS = 30_000;
/** resvg leaves about 0.3 MB behind per drawing, and V8 doesn't know how large it is. */
const RENEWED_AFTER = 100;

const { resolve } = createRequire(import.meta.url);
const FONTS = ['400Regular/Inter_400Regular.ttf', '700Bold/Inter_700Bold.ttf'];

/** The process is well, the drawing isn't. */
class Undrawable extends Error {
  override readonly name = 'Undrawable';
}

export interface Limits {
  /** The process's program; by default the one that is built. */
  program?: string;
  deadlineMs?: number;
  idleMs?: number;
  mostWaiting?: number;
  renewedAfter?: number;
}

/**
 * Draws in one process of its own, begun with the first drawing: resvg and its font are loaded there and nowhere else, and
 * nothing here ever waits for it. Of a thread the allocator would keep what it once took, over a hundred megabytes; the
 * system takes all of it back from a process that ends.
 */
export class ResvgPictures implements Pictures {
  readonly #limits: Required<Omit<Limits, 'program'>>;
  readonly #program: string | undefined;
  #drawer: Drawer | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle: NodeJS.Timeout | null = null;
  #stopped = false;
  /** The library can't be loaded, and will not be before the bot is started anew. */
  #unable = false;

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

  async draw(svg: string): Promise<Uint8Array | null> {
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

  /** Ends the process; what is wanted then isn't drawn any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end();
  }

  async #drawNow(svg: string): Promise<Uint8Array | null> {
    if (this.#stopped) throw new Error('drawing has stopped');
    if (this.#unable) return null;
    if (this.#idle) clearTimeout(this.#idle);
    const drawer = this.#begun();
    try {
      const drawn = await drawer.draw(this.secrets.scrub(svg), this.#limits.deadlineMs);
      if (drawer.drawn >= this.#limits.renewedAfter) this.#end();
      if ('png' in drawn) return drawn.png;
      if ('failure' in drawn) throw new Undrawable(drawn.failure);
      this.#unable = true;
      throw new Error(`no picture can be drawn here: ${drawn.unable}`);
    } catch (error) {
      // What the process is at now, or how it died, is not known: the next drawing gets a fresh one.
      if (!(error instanceof Undrawable)) this.#end();
      throw error;
    }
  }

  #begun(): Drawer {
    if (this.#drawer && !this.#drawer.hasEnded) return this.#drawer;
    const tools: Tools = { fontFiles: FONTS.map(fontFile), family: 'Inter', scale: 2 };
    this.#drawer = new Drawer(this.#program ?? resolve('#pictures/process'), tools);
    return this.#drawer;
  }

  #restLater(): void {
    this.#idle = setTimeout(() => this.#end(), this.#limits.idleMs);
    this.#idle.unref();
  }

  #end(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#drawer?.end();
    this.#drawer = null;
  }
}

function fontFile(name: string): string {
  return resolve(`@expo-google-fonts/inter/${name}`);
}
