import { UserError } from '../../domain/errors.js';
import { type AccessRules, type Actor, isTrader } from './access.js';

/** Enough for somebody who looks, and for somebody who works down a list faster than the broker answers. */
const MOST = { viewer: 2, trader: 8 };

/** How many looks at the account one person may have under way, waiting ones included. */
export class PersonLimit {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly access: AccessRules) {}

  /**
   * Does it, unless the same person has too much under way; then it is never begun.
   * @throws UserError `TOO_MUCH_AT_ONCE`
   */
  async within<T>(actor: Pick<Actor, 'userId' | 'roleIds'>, work: () => Promise<T>): Promise<T> {
    const { userId } = actor;
    const before = this.#underWay.get(userId) ?? 0;
    if (before >= MOST[isTrader(this.access, actor) ? 'trader' : 'viewer'])
      throw new UserError('TOO_MUCH_AT_ONCE', { underWay: before });
    this.#underWay.set(userId, before + 1);
    try {
      return await work();
    } finally {
      const left = (this.#underWay.get(userId) ?? 1) - 1;
      if (left > 0) this.#underWay.set(userId, left);
      else this.#underWay.delete(userId);
    }
  }
}
