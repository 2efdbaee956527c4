import sqlite3 from 'sqlite3';
import { migratedFile } from './migrated-file.js';

/** Every database in memory begins as a copy of one of today's shape: tests open a thousand. Migrations are tested on files. */

type Done = (error: Error | null) => void;
/** What sqlite3's own types leave out. */
interface Backup {
  step(pages: number, done: Done): void;
  finish(done: () => void): void;
}
interface Database extends sqlite3.Database {
  /** Reads from `file` where that isn't the destination. */
  backup(file: string, to: string, from: string, isDestination: boolean, opened: Done): Backup;
}

const Plain = sqlite3.Database;

/** In the place of the driver's class, with the calls that TypeORM makes of it. */
function MigratedDatabase(file: string, ...rest: [Done] | [number, Done]): sqlite3.Database {
  const opened = rest.at(-1) as Done;
  if (file !== ':memory:') return new Plain(file, ...(rest as [number, Done]));
  const database = new Plain(file, (error) => {
    if (error) opened(error);
    else copyInto(database as Database).then(() => opened(null), opened);
  });
  return database;
}

async function copyInto(database: Database): Promise<void> {
  const file = await migratedFile();
  await new Promise<void>((resolve, reject) => {
    const backup = database.backup(file, 'main', 'main', false, (error) => {
      if (error) reject(error);
      else backup.step(-1, (failure) => backup.finish(() => (failure ? reject(failure) : resolve())));
    });
  });
}

// A worker is kept from file to file, and so is the driver.
if (Plain.name !== MigratedDatabase.name) Object.assign(sqlite3, { Database: MigratedDatabase });
