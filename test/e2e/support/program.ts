import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Run {
  code: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

/**
 * Runs a compiled program to its end, with these variables alone and no terminal.
 * @param folder where it runs, so that no developer's `.env` is found
 */
export async function runProgram(
  name: 'doctor' | 'cli' | 'main',
  args: string[],
  environment: Record<string, string>,
  folder: string,
): Promise<Run> {
  const child = spawn(process.execPath, [resolve(`dist/${name}.js`), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}
