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
export interface Cluster extends Databases {
  /** Every process of it stands still: connections stay, new ones are accepted by the kernel, and nothing is answered. */
  suspend(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

/** Where a server is, and what lets one in. */
export interface Place {
  folder: string;
  port: number;
  password: string;
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
  return new RunningCluster(server, { folder, port, password }).ready();
}

/** Nothing here has to survive the machine, so the disk is not waited for, nor does it grow so old that it needs tidying up. */
function settings(): string[] {
  const values = [
    'listen_addresses=127.0.0.1',
    'fsync=off',
    'full_page_writes=off',
    'autovacuum=off',
    'max_connections=400',
    'shared_buffers=64MB',
  ];
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

/** Of a server that any test process may have started. */
export class Databases {
  readonly #filled = new Map<string, Promise<string>>();

  /** @param place by which other processes find it */
  constructor(readonly place: Place) {}

  /** Runs SQL as superuser in the maintenance database. */
  run(sql: string): Promise<pg.QueryResult> {
    return runIn(this.urlOf('postgres'), sql);
  }

  /** A URL of a database that is new and empty. */
  async createDatabase(settings = ''): Promise<string> {
    const name = newName();
    await this.run(`CREATE DATABASE ${name}`);
    if (settings) await this.run(`ALTER DATABASE ${name} SET ${settings}`);
    return this.urlOf(name);
  }

  /** A URL of a copy of a database that nobody is connected to. */
  async cloneDatabase(url: string): Promise<string> {
    const name = newName();
    await this.run(`CREATE DATABASE ${name} TEMPLATE ${nameOf(url)}`);
    return this.urlOf(name);
  }

  /** The URL of a database that is filled by whichever test process asks for it first, while the others wait. */
  filledOnce(name: string, fill: (url: string) => Promise<void>): Promise<string> {
    const known = this.#filled.get(name) ?? this.#fill(name, fill);
    this.#filled.set(name, known);
    return known;
  }

  async #fill(name: string, fill: (url: string) => Promise<void>): Promise<string> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    try {
      // It goes with the connection.
      await client.query('SELECT pg_advisory_lock(1)');
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) {
        await client.query(`CREATE DATABASE ${name}`);
        await fill(this.urlOf(name));
      }
      return this.urlOf(name);
    } finally {
      await client.end();
    }
  }

  /** Takes all rows out of a database that nobody is connected to, but for the list of its migrations; numbers begin anew. */
  async emptyDatabase(url: string): Promise<void> {
    await runIn(url, EMPTY);
  }

  /** The same database by way of the unix socket. */
  overSocket(url: string): string {
    const { folder, port, password } = this.place;
    return `postgres:///${nameOf(url)}?host=${folder}&port=${port}&user=${USER}&password=${password}`;
  }

  protected urlOf(database: string): string {
    return `postgres://${USER}:${this.place.password}@127.0.0.1:${this.place.port}/${database}`;
  }
}

/** Never another one's: many test processes make databases here, and a test that resets modules would make its own count anew. */
function newName(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

class RunningCluster extends Databases implements Cluster {
  readonly #guard: ChildProcess;
  #suspended: number[] = [];
  #log = '';

  constructor(
    private readonly server: ChildProcess,
    place: Place,
  ) {
    super(place);
    this.#guard = spawn('sh', ['-c', GUARD, 'guard', String(server.pid), place.folder], {
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

  async suspend(): Promise<void> {
    const { pid = 0 } = this.server;
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
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
}
