/** What people chose for themselves, by Discord user id. */
export interface People {
  /** IANA name of the zone in which somebody writes and reads times; null until they choose one. */
  zoneOf(userId: string): Promise<string | null>;
  chooseZone(userId: string, zone: string): Promise<void>;
}
