import { constants, fstatSync, openSync, writeSync } from 'node:fs';

const RETRY_MS = 100;
/** What waits for a slow reader; beyond it lines are dropped. */
const MOST_WAITING_BYTES = 256 * 1024;

export interface LogSinkOptions {
  /** Writes bytes at once or throws, as `fs.writeSync` does on a descriptor that never blocks. */
  write(bytes: Uint8Array): number;
  /** A line that says how many are missing, ending in a line break. */
  missing(count: number): string;
}

/**
 * Takes log lines and never throws, never blocks, whatever became of their destination: a reader that is gone or reads
 * no more, a full disk. What can't be written is dropped and counted, and the count is said once writing works again.
 */
export class LogSink {
  /** Of the line under way, what a slow reader hasn't taken yet, then whole lines. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #dropped = 0;
  #retry: NodeJS.Timeout | null = null;

  constructor(private readonly options: LogSinkOptions) {}

  write(line: string): void {
    this.#drain();
    // While lines are missing the next one has no place before the word that says so.
    if (this.#dropped > 0) this.#drop();
    else this.#take(Buffer.from(line));
  }

  #sayMissing(): void {
    const count = this.#dropped;
    if (count === 0) return;
    this.#dropped = 0;
    // Lost itself, it is none of those that are missing.
    if (!this.#take(Buffer.from(this.options.missing(count)))) this.#dropped = count;
  }

  /** False if it was dropped. */
  #take(bytes: Uint8Array): boolean {
    if (this.#waiting.length > 0) return this.#keep(bytes);
    const rest = this.#put(bytes);
    if (rest === 'failed') return this.#drop();
    return rest.length === 0 || this.#keep(rest, rest.length < bytes.length);
  }

  /** A line that was begun is finished, however much waits: half a line would spoil the next one. */
  #keep(bytes: Uint8Array, begun = false): boolean {
    if (!begun && this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) return this.#drop();
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#later();
    return true;
  }

  #drop(): false {
    this.#dropped += 1;
    return false;
  }

  /** What is left to write: nothing, some or all of it; `failed` if the destination takes nothing at all now. */
  #put(bytes: Uint8Array): Uint8Array | 'failed' {
    let rest = bytes;
    try {
      while (rest.length > 0) {
        const written = this.options.write(rest);
        if (written === 0) return rest;
        rest = rest.subarray(written);
      }
      return rest;
    } catch (error) {
      if (isBusy(error) || rest.length < bytes.length) return rest;
      return 'failed';
    }
  }

  #drain(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const rest = this.#put(first);
      const left = rest === 'failed' ? first : rest;
      if (left.length > 0) {
        this.#waiting[0] = left;
        this.#waitingBytes -= first.length - left.length;
        this.#later();
        return;
      }
      this.#waiting.shift();
      this.#waitingBytes -= first.length;
    }
    this.#sayMissing();
  }

  #later(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.#drain();
    }, RETRY_MS).unref();
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EINTR';
}

/** Standard error as `LogSink` wants it: a write that would have to wait fails with EAGAIN instead. */
export function standardError(): (bytes: Uint8Array) => number {
  // Opened by Node, a pipe or socket never blocks. A library's or Node's own words on it may fail just as well.
  process.stderr.on('error', () => {});
  const descriptor = unblocked();
  return (bytes) => writeSync(descriptor, bytes);
}

/** A terminal can be halted too; opened anew it has a mode of its own. Where that can't be done, as it is. */
function unblocked(): number {
  try {
    const kind = fstatSync(2);
    if (!kind.isCharacterDevice() && !kind.isFIFO()) return 2;
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 2;
  }
}
