import { EXCHANGE_ZONE } from '../../domain/calendar/exchange.js';
import { UserError } from '../../domain/errors.js';
import { zoneNamed } from '../../domain/when/zone-choices.js';
import { isIanaZone } from '../../domain/when/zones.js';
import type { People } from '../../ports/people.js';

/** Each person's own time zone; the exchange's until they choose one. */
export class UserZones {
  constructor(private readonly people: People) {}

  /** IANA name. */
  async of(userId: string): Promise<string> {
    const zone = await this.people.zoneOf(userId);
    // A name may vanish with a newer zone database; a reminder then still has a clock to go by.
    return zone !== null && isIanaZone(zone) ? zone : EXCHANGE_ZONE;
  }

  /**
   * @returns the IANA name that was understood
   * @throws UserError `ZONE_UNKNOWN`
   */
  async set(userId: string, typed: string): Promise<string> {
    const zone = zoneNamed(typed);
    if (zone === null) throw new UserError('ZONE_UNKNOWN', { typed });
    await this.people.chooseZone(userId, zone);
    return zone;
  }
}
