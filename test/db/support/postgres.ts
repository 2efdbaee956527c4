import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

/** A throw-away PostgreSQL, reachable on loopback and a unix socket, gone with the test process. */
export interface Cluster {
  /** A URL of a database that is new and empty. */
  createDatabase(settings?: string): Promise<string>;
  /** A URL of a copy of a database that nobody is connected to. */
  cloneDatabase(url: string): Promise<string>;
  /** Takes all rows out of a database that nobody is connected to, but for the list of its migrations; numbers begin anew. */
  emptyDatabase(url: string): Promise<void>;
  /** Runs SQL as superuser in the maintenance database. */
  run(sql: string): Promise<pg.QueryResult>;
  /** The same database by way of the unix socket. */
  overSocket(url: string): string;
  /** Every process of it stands still: connections stay, new ones are accepted by the kernel, and nothing is answered. */
  suspend(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

const USER = 'bot';
const START_DEADLINE_MS = 30_000;

/** The folder with initdb and postgres, or null where PostgreSQL isn't installed. */
export function findBinaries(): string | null {
  const onPath = (process.env.PATH ?? '').split(':');
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(packaged, version, 'bin')), ...onPath];
  const complete = (folder: string) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)));
  return folders.find(complete) ?? null;
}

/** By the kernel's own list; empty where there is none. */
function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** PostgreSQL refuses to run as root; then an unprivileged account of this machine runs it. */
function runAs(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].flatMap((name) => accounts.filter(([user]) => user === name))[0];
  if (!account) throw new Error('no unprivileged account to run PostgreSQL as');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/** Waits until the test process is gone, however it ended, and takes its server and its files away after it. */
const GUARD =
  'cat >/dev/null; kill -QUIT "$1"; for _ in $(seq 50); do kill -0 "$1" || break; sleep 0.1; done; rm -rf "$2"';

/** Call only where `findBinaries` found something. */
export async function startCluster(): Promise<Cluster> {
  const binaries = findBinaries();
  if (!binaries) throw new Error('PostgreSQL is not installed');
  const identity = runAs();
  const folder = mkdtempSync(join(tmpdir(), 'bot-postgres-'));
  const password = randomBytes(12).toString('hex');
  const secret = join(folder, 'password');
  writeFileSync(secret, password, { mode: 0o600 });
  if (identity) for (const path of [folder, secret]) chownSync(path, identity.uid, identity.gid);
  const options = { cwd: folder, ...identity };
  const data = join(folder, 'data');
  const initArgs = ['-D', data, '-U', USER, '-A', 'scram-sha-256', '--pwfile', secret, '-E', 'UTF8'];
  await promisify(execFile)(join(binaries, 'initdb'), [...initArgs, '--locale=C', '--no-sync'], options);
  const port = await freePort();
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-k', folder, '-p', String(port), ...settings()],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return new RunningCluster(server, folder, port, password).ready();
}

/** Nothing here has to survive the machine, so the disk is not waited for. */
function settings(): string[] {
  const values = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=150', 'shared_buffers=32MB'];
  return values.flatMap((value) => ['-c', value]);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** References and triggers would only refuse it; where few rows are, this is faster than TRUNCATE, which makes each file anew. */
const EMPTY = `
  DO $$
  DECLARE each name;
  BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' LOOP
      EXECUTE format('DELETE FROM %I', each);
    END LOOP;
    FOR each IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL AND sequencename NOT LIKE 'migrations%' LOOP
      EXECUTE format('ALTER SEQUENCE %I RESTART', each);
    END LOOP;
  END $$`;

async function runIn(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

class RunningCluster implements Cluster {
  readonly #guard: ChildProcess;
  #databases = 0;
  #suspended: number[] = [];
  #log = '';

  constructor(
    private readonly server: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
    private readonly password: string,
  ) {
    this.#guard = spawn('sh', ['-c', GUARD, 'guard', String(server.pid), folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    server.stderr?.on('data', (text: Buffer) => {
      this.#log = (this.#log + text.toString()).slice(-4_000);
    });
  }

  async ready(): Promise<this> {
    const deadline = Date.now() + START_DEADLINE_MS;
    for (;;) {
      try {
        await this.run('SELECT 1');
        return this;
      } catch (error) {
        if (this.server.exitCode !== null || Date.now() > deadline) {
          throw new Error(`PostgreSQL didn't start: ${String(error)}\n${this.#log}`);
        }
        await sleep(50);
      }
    }
  }

  run(sql: string): Promise<pg.QueryResult> {
    return runIn(this.#url('postgres'), sql);
  }

  async createDatabase(settings = ''): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.run(`CREATE DATABASE ${name}`);
    if (settings) await this.run(`ALTER DATABASE ${name} SET ${settings}`);
    return this.#url(name);
  }

  async cloneDatabase(url: string): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.run(`CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
    return this.#url(name);
  }

  async emptyDatabase(url: string): Promise<void> {
    await runIn(url, EMPTY);
  }

  overSocket(url: string): string {
    const { username, password, pathname } = new URL(url);
    const login = `user=${username}&password=${password}`;
    return `postgres://${pathname}?host=${this.folder}&port=${this.port}&${login}`;
  }

  async suspend(): Promise<void> {
    const { pid = 0 } = this.server;
    const client = new pg.Client({ connectionString: this.#url('postgres') });
    client.on('error', () => {});
    await client.connect();
    // From here on there are no new ones.
    process.kill(pid, 'SIGSTOP');
    const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    // One that was just begun isn't in the view yet, but is a child already.
    this.#suspended = [...new Set([pid, ...rows.map((row) => row.pid), ...childrenOf(pid)])];
    for (const each of this.#suspended) process.kill(each, 'SIGSTOP');
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  resume(): void {
    for (const pid of this.#suspended.splice(0)) process.kill(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    this.resume();
    this.#guard.stdin?.end();
    if (this.#guard.exitCode === null) await once(this.#guard, 'exit');
  }

  #url(database: string): string {
    return `postgres://${USER}:${this.password}@127.0.0.1:${this.port}/${database}`;
  }
}
