import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

export interface LocalServer<Addresses> {
  addresses: Addresses;
  /** Resolves with its exit code, or null if it was killed. */
  ended: Promise<number | null>;
  close(): Promise<void>;
}

/** What the paper broker says of itself. */
export interface PaperAddresses {
  url: string;
  streamerUrl: string;
  adminUrl: string;
  accountNumber: string;
  clientSecret: string;
  refreshToken: string;
}

/** Why a local server didn't start, in its own words. */
export class NotStarted extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

type Answer<Addresses> =
  | { started: Addresses }
  | { failed: { code?: string; message: string } }
  | { exited: number | null };

/**
 * Starts one of the packages as a process of its own, which ends with this one however that ends. Nothing of it is
 * imported: what the two share is the public protocol it speaks.
 *
 * @throws NotStarted with the server's own code
 */
export async function startLocalServer<Addresses>(
  name: 'paper-broker' | 'local-discord',
  options: object,
): Promise<LocalServer<Addresses>> {
  const child = fork(resolve(`@profit-target/${name}/process`), [JSON.stringify(options)], {
    // It needs no settings, least of all tokens.
    env: { PATH: process.env.PATH },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const answer = await Promise.race<Answer<Addresses>>([
    once(child, 'message').then(([message]) => message),
    ended.then((exited) => ({ exited })),
  ]);
  if ('exited' in answer) throw new NotStarted(`${name} ended at its start (${answer.exited})`, undefined);
  if ('failed' in answer) throw new NotStarted(answer.failed.message, answer.failed.code);
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { addresses: answer.started, ended, close };
}
