import { UserError } from '../../domain/errors.js';
import { UnderWay } from '../../domain/under-way.js';
import { type AccessRules, type Actor, isTrader } from './access.js';

/** Enough for somebody who looks, and for somebody who works down a list faster than the broker answers. */
const MOST = { viewer: 2, trader: 8 };

/** How many looks at the account one person may have under way, waiting ones included. */
export class PersonLimit {
  readonly #underWay = new UnderWay();

  constructor(private readonly access: AccessRules) {}

  /**
   * Does it, unless the same person has too much under way; then it is never begun.
   * @throws UserError `TOO_MUCH_AT_ONCE`
   */
  async within<T>(actor: Pick<Actor, 'userId' | 'roleIds'>, work: () => Promise<T>): Promise<T> {
    const { userId } = actor;
    const before = this.#underWay.count(userId);
    if (before >= MOST[isTrader(this.access, actor) ? 'trader' : 'viewer'])
      throw new UserError('TOO_MUCH_AT_ONCE', { underWay: before });
    const over = this.#underWay.begin(userId);
    try {
      return await work();
    } finally {
      over();
    }
  }
}
