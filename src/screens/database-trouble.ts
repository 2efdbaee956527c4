import type { DatabaseTrouble } from '../domain/failures.js';

const TEXTS: Record<DatabaseTrouble, string> = {
  locked: 'I can’t write to my database: another program holds it',
  full: 'I can’t write to my database: there is no room left on its disk',
  'read-only': 'I can’t write to my database: it may be read only',
  busy: 'My database is busy with more than it takes at once',
  away: 'I can’t reach my database',
  broken: 'I can’t write to my database: its disk or its file is damaged',
};

/** What is wrong with the database, as people read it; without a full stop. */
export function databaseTroubleText(trouble: DatabaseTrouble): string {
  return TEXTS[trouble];
}
