import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { UserError } from '../domain/errors.js';
import type { Failures } from '../domain/failures.js';

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

type Unstarted = { failed: { code?: string; message: string } } | { exited: number | null };
type Answer<Addresses> = { started: Addresses } | Unstarted;

/**
 * Starts one of the packages as a process of its own, which ends with this one however that ends. Nothing of it is
 * imported: what the two share is the public protocol it speaks.
 *
 * @throws UserError `LOCAL_SERVER_FAILED` with the server's own code
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
  if (!('started' in answer)) throw new UserError('LOCAL_SERVER_FAILED', { name, ...whyOf(answer) });
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { addresses: answer.started, ended, close };
}

function whyOf(answer: Unstarted): Omit<Failures['LOCAL_SERVER_FAILED'], 'name'> {
  if ('exited' in answer) return { said: null, named: null, exit: answer.exited };
  return { said: answer.failed.message, named: answer.failed.code ?? null, exit: null };
}
