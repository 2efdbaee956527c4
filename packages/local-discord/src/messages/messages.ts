import { type Clock, timestamp } from '../base/clock.js';
import { MessageFlag } from '../base/constants.js';
import { integerOf, type JsonObject, objectsOf, textOf } from '../base/json.js';
import type { SnowflakeMaker } from '../base/snowflake.js';
import type { Hub } from '../hub.js';
import { userPayload } from '../world/payloads.js';
import type { World } from '../world/world.js';
import { type AttachmentStore, attachmentPayload, type Upload } from './attachments.js';
import { finishComponents } from './components.js';
import { finishEmbed } from './embeds.js';
import { fileByUrl, filesAfter, unreferenced } from './files-of-body.js';
import { findMentions } from './mentions.js';
import type { StoredMessage, WireMessage } from './stored-message.js';

/** Flags a bot may set itself; all others are the server's business. */
const SETTABLE = MessageFlag.suppressEmbeds | MessageFlag.suppressNotifications | MessageFlag.componentsV2;

export interface NewMessage {
  channelId: string;
  authorId: string;
  /** A checked body: content, embeds, components, attachments, allowed_mentions, flags. */
  body: JsonObject;
  uploads?: readonly Upload[];
  type?: number;
  ephemeralFor?: string | null;
  loading?: boolean;
  interactionId?: string | null;
  /** Further fields of the message object: application_id, interaction_metadata, message_reference, nonce. */
  extra?: Partial<WireMessage>;
}

/** Every message of every channel, oldest first. Expects bodies that the rules have let through. */
export class Messages {
  private readonly byId = new Map<string, StoredMessage>();
  private readonly byChannel = new Map<string, StoredMessage[]>();

  constructor(
    private readonly world: World,
    private readonly clock: Clock,
    private readonly ids: SnowflakeMaker,
    private readonly attachments: AttachmentStore,
    private readonly hub: Hub,
  ) {}

  get(id: string): StoredMessage | undefined {
    return this.byId.get(id);
  }

  /** All messages of a channel, oldest first, ephemeral ones included. */
  history(channelId: string): readonly StoredMessage[] {
    return this.byChannel.get(channelId) ?? [];
  }

  create(draft: NewMessage): StoredMessage {
    const author = this.world.users.get(draft.authorId);
    if (!author) throw new Error(`no user ${draft.authorId} to write a message`);
    const ephemeralFor = draft.ephemeralFor ?? null;
    const flags = (draft.loading ? MessageFlag.loading : 0) | (ephemeralFor ? MessageFlag.ephemeral : 0);
    const message: StoredMessage = {
      authorId: author.id,
      ephemeralFor,
      interactionId: draft.interactionId ?? null,
      files: [],
      failed: false,
      wire: {
        id: this.ids.next(),
        channel_id: draft.channelId,
        type: draft.type ?? 0,
        author: userPayload(author),
        content: '',
        timestamp: timestamp(this.clock.now()),
        edited_timestamp: null,
        tts: false,
        mention_everyone: false,
        mentions: [],
        mention_roles: [],
        attachments: [],
        embeds: [],
        components: [],
        flags,
        pinned: false,
        ...draft.extra,
      },
    };
    this.apply(message, draft.body, draft.uploads ?? []);
    this.byId.set(message.wire.id, message);
    const history = this.byChannel.get(draft.channelId) ?? [];
    history.push(message);
    this.byChannel.set(draft.channelId, history);
    this.hub.emit('messageCreated', message);
    return message;
  }

  /** Changes what the body names and nothing else; an answer that was loading is done with this. */
  edit(message: StoredMessage, body: JsonObject, uploads: readonly Upload[] = []): void {
    const wasLoading = (message.wire.flags & MessageFlag.loading) !== 0;
    this.apply(message, body, uploads);
    message.wire.flags &= ~MessageFlag.loading;
    message.failed = false;
    // What a deferred answer becomes counts as its first version, not as an edit.
    if (!wasLoading) message.wire.edited_timestamp = timestamp(this.clock.now());
    this.hub.emit('messageUpdated', message);
  }

  /** The bot deferred and its token has run out: the placeholder turns into a failure. */
  fail(message: StoredMessage): void {
    message.failed = true;
    this.hub.emit('messageUpdated', message);
  }

  delete(message: StoredMessage): void {
    this.byId.delete(message.wire.id);
    const history = this.byChannel.get(message.wire.channel_id);
    const index = history?.indexOf(message) ?? -1;
    if (index >= 0) history?.splice(index, 1);
    for (const file of message.files) this.attachments.remove(file.id);
    this.hub.emit('messageDeleted', message);
  }

  /** Forgets a deleted channel's messages without telling anybody. */
  dropChannel(channelId: string): void {
    for (const message of this.history(channelId)) this.byId.delete(message.wire.id);
    this.byChannel.delete(channelId);
  }

  private apply(message: StoredMessage, body: JsonObject, uploads: readonly Upload[]): void {
    const { wire } = message;
    message.files = filesAfter(this.attachments, wire.channel_id, message.files, body, uploads);
    const file = fileByUrl(message.files);
    if ('content' in body) this.applyContent(message, body);
    if ('embeds' in body) wire.embeds = objectsOf(body.embeds).map((embed) => finishEmbed(embed, file));
    if ('components' in body) {
      wire.components = finishComponents(body.components, file, () => this.ids.next());
    }
    const shown = unreferenced(message.files, [wire.embeds, wire.components]);
    wire.attachments = shown.map((one) => attachmentPayload(one, message.ephemeralFor !== null));
    if ('flags' in body) {
      // Components v2, once on, stays on: official docs, "Message Flags".
      const kept = wire.flags & (~SETTABLE | MessageFlag.componentsV2);
      wire.flags = kept | (integerOf(body.flags, 0) & SETTABLE);
    }
  }

  private applyContent(message: StoredMessage, body: JsonObject): void {
    message.wire.content = textOf(body.content);
    const defaults = message.interactionId ? (['users'] as const) : (['users', 'roles', 'everyone'] as const);
    Object.assign(
      message.wire,
      findMentions(this.world, message.wire.content, body.allowed_mentions, defaults),
    );
  }
}
