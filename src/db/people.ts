import type { People } from '../ports/people.js';
import type { Database } from './database.js';
import { PersonRow } from './entities/index.js';

export class DatabasePeople implements People {
  constructor(private readonly database: Database) {}

  async zoneOf(userId: string): Promise<string | null> {
    const person = await this.database.read((manager) => manager.findOneBy(PersonRow, { userId }));
    return person?.zone ?? null;
  }

  async chooseZone(userId: string, zone: string): Promise<void> {
    await this.database.write((manager) => manager.upsert(PersonRow, { userId, zone }, ['userId']));
  }
}
