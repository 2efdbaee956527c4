import type { Hold, Holding, NewNote, Note, NoteChange, Outbox, Topic } from '../ports/outbox.js';
import type { Database } from './database.js';
import * as outbox from './stores/outbox.js';

/** The port over a database: each writing method is one transaction, each reading one a single look. */
export class DatabaseOutbox implements Outbox {
  constructor(private readonly database: Database) {}

  async add(note: NewNote, holding: Holding): Promise<Note | null> {
    return this.database.write(async (m) => {
      if (!(await outbox.addNote(m, note, holding))) return null;
      return (await outbox.notesOf(m, note)).find(({ news }) => news === note.news) ?? null;
    });
  }

  hold(holding: Holding): Promise<Hold | null> {
    return this.database.write((m) => outbox.holdTopic(m, holding));
  }

  renew(holding: Holding): Promise<boolean> {
    return this.database.write((m) => outbox.renewTopic(m, holding));
  }

  release(holding: Holding, changes: readonly NoteChange[], asked: number): Promise<void> {
    return this.database.write((m) => outbox.releaseTopic(m, holding, changes, asked));
  }

  due(now: Date, limit: number): Promise<(Topic & { channelId: string })[]> {
    return this.database.read((m) => outbox.dueTopics(m, now, limit));
  }

  notes(topic: Topic): Promise<Note[]> {
    return this.database.read((m) => outbox.notesOf(m, topic));
  }

  async begin(notes: readonly Omit<NewNote, 'news'>[], now: Date): Promise<void> {
    await this.database.write((m) => outbox.beginTopics(m, notes, now));
  }

  ask(topics: readonly Topic[], now: Date): Promise<number> {
    return this.database.write((m) => outbox.askFor(m, topics, now));
  }

  alive(kind: string, since: Date): Promise<string[]> {
    return this.database.read((m) => outbox.aliveTopics(m, kind, since));
  }

  owed(kind: string): Promise<string[]> {
    return this.database.read((m) => outbox.owedTopics(m, kind));
  }
}
