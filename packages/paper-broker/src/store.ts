import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BrokerState } from './state.js';

const DEBOUNCE_MS = 250;

/** Keeps the state in a file: written whole beside it, then renamed, so a reader never meets half a state. */
export class StateStore {
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly file: string | undefined,
    private readonly snapshot: () => BrokerState,
  ) {}

  /** Reads what an earlier run left, and makes the folder for what this one will leave. Undefined if there is nothing; a damaged file is an error, not a fresh start. */
  static async read(file: string | undefined): Promise<BrokerState | undefined> {
    if (file === undefined) return undefined;
    await mkdir(dirname(file), { recursive: true });
    const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (content === undefined) return undefined;
    const state = JSON.parse(content) as BrokerState;
    if (state.version !== 1) throw new Error(`State file ${file} is of version ${state.version}, expected 1`);
    return state;
  }

  /** Something changed: written soon. */
  touch(): void {
    this.#dirty = true;
    if (this.file === undefined || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // A later flush reports the trouble to somebody who waits for it.
      this.flush().catch(() => undefined);
    }, DEBOUNCE_MS);
    this.#timer.unref();
  }

  /**
   * Resolves once everything known at the call is on file. It survives the death of the process, not of the
   * machine: there is no fsync.
   */
  async flush(): Promise<void> {
    while (this.file !== undefined && (this.#dirty || this.#writing)) {
      await (this.#writing ?? this.#write(this.file));
    }
  }

  async #write(file: string): Promise<void> {
    this.#dirty = false;
    this.#writing = replaceFile(file, JSON.stringify(this.snapshot()))
      .catch((error: unknown) => {
        this.#dirty = true;
        throw error;
      })
      .finally(() => {
        this.#writing = undefined;
      });
    return this.#writing;
  }

  /** The last write, after which nothing is written any more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dirty = true;
    await this.flush();
  }
}

async function replaceFile(file: string, content: string): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, content);
  await rename(beside, file);
}
