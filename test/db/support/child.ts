import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { afterAll, beforeAll } from 'vitest';
import { AS_MODULES, bundle } from '../../../scripts/bundle.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A program under `test/db/children`, packed with its libraries before the suite's tests so that plain Node starts it in half the
 * time, and removed after them. It is put below node_modules, where its native modules resolve. Returns where it is.
 */
export function childProgram(name: string): string {
  const outdir = join(root, `node_modules/.cache/db-tests/${name}-${process.pid}-${threadId}`);
  const entryPoints = [join(root, `test/db/children/${name}.ts`)];
  beforeAll(() => bundle({ ...AS_MODULES, entryPoints, outdir, outExtension: { '.js': '.mjs' } }));
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));
  return join(outdir, `${name}.mjs`);
}

/** A process that talks in lines: commands in, answers out. */
export class Child {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly #closed: Promise<unknown>;
  #errors = '';
  #wake: () => void = () => undefined;

  constructor(program: string, args: string[]) {
    this.process = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#closed = once(this.process, 'close');
    const { stdin, stdout, stderr } = this.process;
    if (!stdin || !stdout || !stderr) throw new Error('pipes wanted');
    stdin.on('error', () => undefined);
    stderr.on('data', (text: Buffer) => {
      this.#errors += text.toString();
    });
    createInterface({ input: stdout }).on('line', (line) => {
      this.lines.push(line);
      this.#wake();
    });
    void this.#closed.then(() => this.#wake());
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Resolves when that many lines have come; rejects if the process ends first. */
  async heard(count: number): Promise<string[]> {
    while (this.lines.length < count) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`the process ended after ${this.lines.length} lines: ${this.#errors}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.lines.slice(0, count);
  }

  /** Ends it the way a power switch would; resolves when the last of its output has been read. */
  async kill(): Promise<string[]> {
    this.process.kill('SIGKILL');
    await this.#closed;
    return this.lines;
  }

  /** Waits for it to end by itself. */
  async ended(): Promise<number | null> {
    await this.#closed;
    if (this.process.exitCode !== 0) throw new Error(`exit ${this.process.exitCode}: ${this.#errors}`);
    return this.process.exitCode;
  }
}
