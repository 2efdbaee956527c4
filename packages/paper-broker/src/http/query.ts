import { z } from 'zod';
import { malformed } from '../errors.js';

/** A parsed query: every name with all its values. `key[]=a&key[]=b` and `key=a&key=b` are the same list. */
export class Query {
  readonly #values = new Map<string, string[]>();

  constructor(search: string) {
    for (const [name, value] of new URLSearchParams(search)) {
      const key = name.replace(/\[\d*\]$/, '');
      this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
    }
  }

  all(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  one(name: string): string | undefined {
    return this.all(name)[0];
  }

  flag(name: string): boolean {
    return this.one(name) === 'true';
  }

  /** @throws ApiError 400 for anything but a whole number within bounds */
  whole(name: string, fallback: number, min: number, max: number): number {
    const value = this.one(name);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    throw malformed([{ domain: name, reason: `must be a whole number from ${min} to ${max}` }]);
  }

  /** A day as YYYY-MM-DD. @throws ApiError 400 for anything that no calendar has */
  day(name: string): string | undefined {
    const value = this.one(name);
    if (value === undefined || z.iso.date().safeParse(value).success) return value;
    throw malformed([{ domain: name, reason: 'must be a date, YYYY-MM-DD' }]);
  }

  /** An instant given as ISO text, in epoch ms. @throws ApiError 400 */
  instant(name: string): number | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    const at = Date.parse(value);
    if (!Number.isNaN(at)) return at;
    throw malformed([{ domain: name, reason: 'is not a valid date-time' }]);
  }
}
