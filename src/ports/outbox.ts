/** What a message of the bot's own accord is about: a kind of telling, and one thing of that kind. */
export interface Topic {
  /** Of the registry, such as `result`. */
  kind: string;
  /** Such as a plan's id. */
  topic: string;
}

/**
 * One message that the bot sends of its own accord, from before it leaves until nobody can be misled by it any more. A
 * topic has a message per news; a message whose news is still open (empty) stands for the first word that gets out.
 */
export interface Note extends Topic {
  id: number;
  /** What it was posted with, in the terms of its kind; unique within its topic. Empty until it is out, or if nobody knows. */
  news: string;
  channelId: string;
  /** Who is mentioned, and told directly where the channel refuses; empty for nobody. */
  userId: string;
  /** The messages that show it in its channel, in order (`channel/message`). */
  pages: string[];
  /** The same among the direct messages. */
  directPages: string[];
  /** Digest of what these say; empty if that is not known. */
  told: string;
  /** Tries since it last was as wanted, the present one included. */
  attempts: number;
  createdAt: Date;
}

export type NewNote = Pick<Note, 'kind' | 'topic' | 'news' | 'channelId' | 'userId'>;

/** What became of a message at a try. */
export type NoteChange = Pick<Note, 'id' | 'news' | 'pages' | 'directPages' | 'told'> & {
  /** When it is to be tried again; null when all is as wanted. */
  nextAt: Date | null;
  /** It is owed no more, and nobody keeps it true: it was deleted, or there is nothing to say. */
  ended?: boolean;
};

/** A topic's messages in the hands of one process. */
export interface Hold {
  notes: Note[];
  /** Until when nobody else gets them. */
  until: Date;
  /** Whether one of them is due. */
  due: boolean;
  /** Changes when somebody asks for the topic meanwhile. */
  asked: number;
}

export interface Holding extends Topic {
  /** Who holds; a restart has a new one. */
  owner: string;
  now: Date;
  until: Date;
}

/**
 * The messages the bot owes or keeps true, a row each. A topic is worked on by one process at a time: by a lease, which
 * ends by itself should the process die.
 */
export interface Outbox {
  /** Adds a message, held with its topic; null if there is one with this news, or another process holds the topic. */
  add(note: NewNote, holding: Holding): Promise<Note | null>;
  /**
   * Takes a topic with all its messages, in the order they were added, and counts a try for each. Null if another
   * process has it: that one looks again as soon as it lets go.
   */
  hold(holding: Holding): Promise<Hold | null>;
  /** Makes holds last; false for a topic that another process has by now. */
  renew(holding: Holding): Promise<boolean>;
  /** Writes down what became of it and lets go. Where the topic was asked for meanwhile, it is due again at once. */
  release(holding: Holding, changes: readonly NoteChange[], asked: number): Promise<void>;
  /** What is due and in nobody's hands, the longest due first. */
  due(now: Date, limit: number): Promise<(Topic & { channelId: string })[]>;
  /** A topic's messages, in the order they were added; without those that ended. */
  notes(topic: Topic): Promise<Note[]>;
  /** Owes the first word on topics, once: where there is or was a message, nothing changes. */
  begin(notes: readonly Omit<NewNote, 'news'>[], now: Date): Promise<void>;
  /** These are to be looked at again, as far as there are messages; how many of them there are. */
  ask(topics: readonly Topic[], now: Date): Promise<number>;
  /** Topics of a kind with a message that is kept true, begun since an instant. */
  alive(kind: string, since: Date): Promise<string[]>;
  /** Topics of a kind of which a message is to be tried again. */
  owed(kind: string): Promise<string[]>;
}
