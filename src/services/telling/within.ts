/** Discord let a request wait. What it asks for may still happen. */
export class SlowAnswer extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'SlowAnswer';
  }
}

/**
 * The result of `work`, if it comes in time. It isn't ended: a library may hold a request back for as long as Discord
 * asks for, and what it then brings is still wanted.
 * @throws SlowAnswer
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SlowAnswer(ms)), ms);
  });
  // Once late, whether it fails is no news.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
