import { closeSync, openSync, readSync } from 'node:fs';

/**
 * How a file of settings is written: Windows PowerShell's `>` and Notepad's "Unicode" write UTF-16. Read as UTF-8 such a file
 * sets nothing, so that a program would run on the defaults as if nobody had chosen a broker.
 */
export function encodingOf(path: string): 'utf8' | 'utf16le' {
  const head = Buffer.alloc(2);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Without such a file the environment alone counts.
    return 'utf8';
  }
  // Its byte order mark; without one, what begins with a letter has an empty second byte.
  return head.readUInt16LE() === 0xfeff || (head[0] !== 0 && head[1] === 0) ? 'utf16le' : 'utf8';
}
