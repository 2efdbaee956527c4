/** Keeps a statement's parameters far below what either driver takes (32,766 in SQLite). */
const CHUNK = 500;

export function* chunks<T>(items: readonly T[], size = CHUNK): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
