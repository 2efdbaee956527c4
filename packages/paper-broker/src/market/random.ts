/** Stable 32-bit hash of a string (FNV-1a). */
export function hashText(value: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i += 1) {
    hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** Mixes integers into one well-spread 32-bit number (murmur3 finaliser). */
export function mix(...parts: number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A number in (0, 1) that depends only on the arguments. */
export function uniform(...parts: number[]): number {
  return (mix(...parts) + 0.5) / 0x1_0000_0000;
}

/** A standard normal number that depends only on the arguments (Box–Muller). */
export function gaussian(...parts: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(...parts, 1)));
  return radius * Math.cos(2 * Math.PI * uniform(...parts, 2));
}
