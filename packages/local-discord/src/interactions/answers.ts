import { apiError } from '../base/api-error.js';
import { CallbackType, CommandType, MessageFlag, MessageType } from '../base/constants.js';
import { integerOf, type JsonObject, objectOf, objectsOf } from '../base/json.js';
import type { Core } from '../core.js';
import type { Upload } from '../messages/attachments.js';
import { finishComponents } from '../messages/components.js';
import type { StoredMessage, WireMessage } from '../messages/stored-message.js';
import { checkCallback } from '../rules/callback-rules.js';
import { checkMessage } from '../rules/message-rules.js';
import type { Interaction } from './interaction.js';

/** What a bot does with an interaction's token: the one callback, then edits and follow-ups. */
export class Answers {
  constructor(private readonly core: Core) {}

  /**
   * The first and only callback. Takes effect whole or throws an ApiError and leaves the interaction unanswered.
   * @returns the message it made or changed (types 4, 5 and 7), else null.
   */
  callback(id: string, token: string, body: JsonObject, uploads: readonly Upload[]): StoredMessage | null {
    const interaction = this.core.interactions.answerable(id, token);
    const source = this.sourceOf(interaction);
    checkCallback(interaction, body, uploads, source);
    const data = objectOf(body.data);
    switch (body.type) {
      case CallbackType.message:
        return this.answerWith(interaction, body.type, data, uploads, false);
      case CallbackType.deferredMessage:
        return this.answerWith(interaction, body.type, data, uploads, true);
      case CallbackType.deferredUpdate:
        this.adopt(interaction, body.type, source);
        return null;
      case CallbackType.update:
        return this.updateSource(interaction, source, data, uploads);
      case CallbackType.autocomplete:
        interaction.choices = objectsOf(data.choices);
        this.core.interactions.ack(interaction, CallbackType.autocomplete);
        return null;
      default:
        this.openModal(interaction, data);
        return null;
    }
  }

  /** POST on the webhook. Right after a deferral it fills the loading message in, as Discord does. */
  followUp(interaction: Interaction, body: JsonObject, uploads: readonly Upload[]): StoredMessage {
    const original = this.original(interaction);
    const deferred = interaction.callbackType === CallbackType.deferredMessage;
    if (deferred && original && original.wire.flags & MessageFlag.loading) {
      checkMessage(body, { uploads, existing: original });
      this.core.messages.edit(original, body, uploads);
      return original;
    }
    checkMessage(body, { uploads, existing: null });
    const ephemeral = (integerOf(body.flags, 0) & MessageFlag.ephemeral) !== 0;
    return this.post(interaction, body, uploads, {
      ephemeral,
      loading: false,
      type: original ? MessageType.reply : MessageType.plain,
      reference: original,
      ...(original ? { originalResponse: original.wire.id } : {}),
    });
  }

  /** The message a webhook route names, `@original` included. Throws 10008. */
  message(interaction: Interaction, messageId: string): StoredMessage {
    if (messageId === '@original') {
      const original = this.original(interaction);
      if (!original) throw apiError('unknownMessage');
      return original;
    }
    const message = this.core.messages.get(messageId);
    const own = interaction.originalId === messageId || interaction.messageIds.includes(messageId);
    if (!message || !own) throw apiError('unknownMessage');
    return message;
  }

  edit(
    interaction: Interaction,
    messageId: string,
    body: JsonObject,
    uploads: readonly Upload[],
  ): StoredMessage {
    const message = this.message(interaction, messageId);
    checkMessage(body, { uploads, existing: message });
    this.core.messages.edit(message, body, uploads);
    return message;
  }

  remove(interaction: Interaction, messageId: string): void {
    this.core.messages.delete(this.message(interaction, messageId));
  }

  private original(interaction: Interaction): StoredMessage | undefined {
    return interaction.originalId ? this.core.messages.get(interaction.originalId) : undefined;
  }

  private sourceOf(interaction: Interaction): StoredMessage | undefined {
    return interaction.sourceMessageId ? this.core.messages.get(interaction.sourceMessageId) : undefined;
  }

  private answerWith(
    interaction: Interaction,
    callbackType: number,
    data: JsonObject,
    uploads: readonly Upload[],
    loading: boolean,
  ): StoredMessage {
    const source = this.sourceOf(interaction);
    const message = this.post(interaction, loading ? {} : data, uploads, {
      ephemeral: (integerOf(data.flags, 0) & MessageFlag.ephemeral) !== 0,
      loading,
      type: answerType(interaction, source),
      reference: source,
    });
    interaction.originalId = message.wire.id;
    this.core.interactions.ack(interaction, callbackType);
    if (loading) this.failIfForgotten(interaction, message);
    return message;
  }

  /** Discord's app shows a deferral that was never filled in as a failure once the token has run out. */
  private failIfForgotten(interaction: Interaction, message: StoredMessage): void {
    this.core.interactions.atExpiry(interaction, () => {
      const alive = this.core.messages.get(message.wire.id) === message;
      if (alive && message.wire.flags & MessageFlag.loading) this.core.messages.fail(message);
    });
  }

  private updateSource(
    interaction: Interaction,
    source: StoredMessage | undefined,
    data: JsonObject,
    uploads: readonly Upload[],
  ): StoredMessage {
    if (!source) throw apiError('unknownMessage');
    this.core.messages.edit(source, data, uploads);
    this.adopt(interaction, CallbackType.update, source);
    return source;
  }

  private adopt(interaction: Interaction, callbackType: number, source: StoredMessage | undefined): void {
    interaction.originalId = source?.wire.id ?? null;
    this.core.interactions.ack(interaction, callbackType);
  }

  private openModal(interaction: Interaction, data: JsonObject): void {
    const nothing = (): undefined => undefined;
    const components = finishComponents(data.components, nothing, () => this.core.ids.next());
    interaction.modal = { ...data, components };
    this.core.interactions.ack(interaction, CallbackType.modal);
    this.core.hub.emit('modalOpened', interaction, interaction.modal);
  }

  private post(
    interaction: Interaction,
    body: JsonObject,
    uploads: readonly Upload[],
    how: {
      ephemeral: boolean;
      loading: boolean;
      type: number;
      reference: StoredMessage | undefined;
      originalResponse?: string;
    },
  ): StoredMessage {
    const extra: Partial<WireMessage> = {
      application_id: interaction.appId,
      webhook_id: interaction.appId,
      interaction_metadata: {
        ...interaction.metadata,
        ...(how.originalResponse ? { original_response_message_id: how.originalResponse } : {}),
      },
      ...(how.reference ? this.referenceTo(interaction, how.reference) : {}),
    };
    const message = this.core.messages.create({
      channelId: interaction.channelId,
      authorId: interaction.appId,
      body,
      uploads,
      type: how.type,
      ephemeralFor: how.ephemeral ? interaction.userId : null,
      loading: how.loading,
      interactionId: interaction.id,
      extra,
    });
    interaction.messageIds.push(message.wire.id);
    return message;
  }

  private referenceTo(interaction: Interaction, to: StoredMessage): Partial<WireMessage> {
    const { referenced_message: _inner, ...snapshot } = to.wire;
    return {
      message_reference: {
        type: 0,
        channel_id: to.wire.channel_id,
        message_id: to.wire.id,
        ...(interaction.inGuild ? { guild_id: this.core.world.guild.id } : {}),
      },
      referenced_message: snapshot,
    };
  }
}

/** Message type of a first answer: 20 for a slash command, 23 for a context menu, else a reply to the source. */
function answerType(interaction: Interaction, source: StoredMessage | undefined): number {
  if (interaction.kind === 'command') {
    const slash = interaction.commandType === CommandType.chatInput;
    return slash ? MessageType.chatInputAnswer : MessageType.contextMenuAnswer;
  }
  return source ? MessageType.reply : MessageType.plain;
}
