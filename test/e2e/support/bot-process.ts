import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** The real bot as a process of its own, started from the compiled code by environment variables alone. */
export class BotProcess {
  #child: ChildProcess | null = null;
  #log = '';

  constructor(private readonly environment: Record<string, string>) {}

  /** With these another process can stand beside it. */
  get settings(): Record<string, string> {
    return { ...this.environment };
  }

  /** Everything it logged, over all its runs. */
  get log(): string {
    return this.#log;
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  start(extra: Record<string, string> = {}): void {
    const child = spawn(process.execPath, ['dist/main.js'], {
      // A clean environment: no developer's .env or token may reach a test.
      env: { PATH: process.env.PATH, ...this.environment, ...extra },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    this.#child = child;
  }

  /** Stands still as a machine that sleeps, until `resume`. */
  suspend(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it with no chance to tidy up. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Resolves with the exit code when it ends by itself. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child?.exitCode ?? null;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.ended();
  }
}
