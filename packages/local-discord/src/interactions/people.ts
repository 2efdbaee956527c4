import {
  ButtonStyle,
  CommandType,
  ComponentType,
  InteractionType,
  MessageFlag,
  SELECT_TYPES,
} from '../base/constants.js';
import { type JsonObject, textOf } from '../base/json.js';
import type { Command } from '../commands/registry.js';
import type { Core } from '../core.js';
import { findComponent } from '../messages/components.js';
import type { StoredMessage } from '../messages/stored-message.js';
import { canSee, reachableChannel, usableCommands } from '../world/access.js';
import type { Channel, User } from '../world/model.js';
import { userPayload } from '../world/payloads.js';
import { envelope, integrationOwners } from './envelope.js';
import { InputError } from './input-error.js';
import type { Interaction, InteractionKind } from './interaction.js';
import { modalComponents } from './modal-input.js';
import { commandOptions, focusedOption } from './option-input.js';
import { Resolved } from './resolved.js';
import { selectValues } from './select-input.js';

/** Hands an INTERACTION_CREATE to the bot's gateway sessions. */
export type Deliver = (appId: string, inGuild: boolean, payload: JsonObject) => void;

/** Who acts, and where. */
export interface Actor {
  user: User;
  channelId: string;
  nonce: string | undefined;
}

export interface CommandInput {
  name: string;
  options: unknown;
  botId: string | undefined;
  commandType: number;
  targetId: string | undefined;
  autocomplete: boolean;
}

/** What people do with bots: everything Discord's app checks before it sends, then the delivery. */
export class People {
  constructor(
    private readonly core: Core,
    private readonly deliver: Deliver,
  ) {}

  /** Runs a command, or asks for the completion of one of its options. */
  command(actor: Actor, input: CommandInput): Interaction {
    const channel = reachableChannel(this.core, actor.user.id, actor.channelId);
    const command = this.findCommand(actor.user.id, channel, input);
    const resolved = new Resolved(this.core.world, actor.user.id);
    const options = commandOptions(command.options, input.options, {
      resolved,
      partial: input.autocomplete,
      storeFile: (upload) => resolved.attachment(this.core.attachments, channel.id, upload),
    });
    const focused = focusedOption(options);
    if (input.autocomplete && focused.length !== 1)
      throw new InputError('exactly one option must be focused');
    const target = this.target(input, resolved);
    const interaction = this.open(actor, channel, {
      appId: command.application_id,
      kind: input.autocomplete ? 'autocomplete' : 'command',
      type: input.autocomplete ? InteractionType.autocomplete : InteractionType.command,
      commandType: command.type,
      focusedType: input.autocomplete ? Number(focused[0]?.type) : null,
    });
    this.send(interaction, channel, {
      id: command.id,
      name: command.name,
      type: command.type,
      ...(options.length > 0 ? { options } : {}),
      ...target,
      ...resolved.asField(),
      ...(command.guild_id ? { guild_id: command.guild_id } : {}),
    });
    return interaction;
  }

  /** Presses a button or picks in a select. */
  component(actor: Actor, messageId: string, customId: string, values: unknown): Interaction {
    const channel = reachableChannel(this.core, actor.user.id, actor.channelId);
    const message = this.visibleMessage(actor.user.id, channel, messageId);
    const component = findComponent(message.wire.components, customId);
    if (!component) throw new InputError(`the message has no component "${customId}"`, 404);
    if (component.disabled === true) throw new InputError('the component is disabled');
    const resolved = new Resolved(this.core.world, actor.user.id);
    const picked = pressed(component, values, resolved);
    const interaction = this.open(actor, channel, {
      appId: message.authorId,
      kind: 'component',
      type: InteractionType.component,
      sourceMessageId: message.wire.id,
    });
    const data = {
      custom_id: customId,
      component_type: component.type,
      id: component.id,
      ...picked,
      ...resolved.asField(),
    };
    this.send(interaction, channel, data, { ...message.wire });
    return interaction;
  }

  /** Submits the modal that an earlier interaction of this user opened. */
  modal(actor: Actor, openerId: string, customId: string, fields: JsonObject): Interaction {
    const opener = this.core.interactions.get(openerId);
    if (!opener?.modal || opener.userId !== actor.user.id) throw new InputError('no such modal', 404);
    if (opener.modal.custom_id !== customId) throw new InputError(`the modal is not "${customId}"`);
    const channel = reachableChannel(this.core, actor.user.id, opener.channelId);
    const resolved = new Resolved(this.core.world, actor.user.id);
    const components = modalComponents(opener.modal, fields, resolved);
    const source = opener.sourceMessageId ? this.core.messages.get(opener.sourceMessageId) : undefined;
    const interaction = this.open(actor, channel, {
      appId: opener.appId,
      kind: 'modal',
      type: InteractionType.modalSubmit,
      sourceMessageId: source?.wire.id ?? null,
      metadata: { triggering_interaction_metadata: opener.metadata },
    });
    const data = { custom_id: customId, components, ...resolved.asField() };
    this.send(interaction, channel, data, source && { ...source.wire });
    return interaction;
  }

  private findCommand(userId: string, channel: Channel, input: CommandInput): Command {
    const command = usableCommands(this.core, userId, channel).find(
      (candidate) =>
        candidate.name === input.name &&
        candidate.type === input.commandType &&
        (input.botId === undefined || candidate.application_id === input.botId),
    );
    if (!command) throw new InputError(`no command /${input.name} here for this user`, 404);
    return command;
  }

  private target(input: CommandInput, resolved: Resolved): JsonObject {
    if (input.commandType === CommandType.chatInput) return {};
    const id = input.targetId ?? '';
    if (input.commandType === CommandType.user) resolved.user(id);
    else {
      const message = this.core.messages.get(id);
      if (!message) throw new InputError(`no message ${id}`, 404);
      resolved.message(message);
    }
    return { target_id: id };
  }

  private visibleMessage(userId: string, channel: Channel, messageId: string): StoredMessage {
    const message = this.core.messages.get(messageId);
    if (!message || message.wire.channel_id !== channel.id || !canSee(this.core, userId, message)) {
      throw new InputError('no such message', 404);
    }
    if (!this.core.world.apps.has(message.authorId)) throw new InputError('not a bot’s message');
    if (message.wire.flags & MessageFlag.loading) throw new InputError('the message is still loading');
    return message;
  }

  private open(
    actor: Actor,
    channel: Channel,
    what: { appId: string; kind: InteractionKind; type: number } & Partial<
      Pick<Interaction, 'commandType' | 'focusedType' | 'sourceMessageId' | 'metadata'>
    >,
  ): Interaction {
    const id = this.core.interactions.nextId();
    const inGuild = channel.kind === 'guild';
    return this.core.interactions.open({
      commandType: null,
      focusedType: null,
      sourceMessageId: null,
      ...what,
      id,
      userId: actor.user.id,
      channelId: channel.id,
      inGuild,
      nonce: actor.nonce,
      metadata: {
        id,
        type: what.type,
        user: userPayload(actor.user),
        authorizing_integration_owners: integrationOwners(this.core, inGuild),
        ...(what.kind === 'component' ? { interacted_message_id: what.sourceMessageId } : {}),
        ...what.metadata,
      },
    });
  }

  private send(interaction: Interaction, channel: Channel, data: JsonObject, message?: JsonObject): void {
    const payload = envelope(this.core, interaction, channel, data, message);
    this.deliver(interaction.appId, interaction.inGuild, payload);
  }
}

/** What a press adds to the data: nothing for a button, `values` for a select. */
function pressed(component: JsonObject, values: unknown, resolved: Resolved): JsonObject {
  if (SELECT_TYPES.has(Number(component.type))) {
    return { values: selectValues(component, values, resolved) };
  }
  const style = component.style;
  if (
    component.type !== ComponentType.button ||
    style === ButtonStyle.link ||
    style === ButtonStyle.premium
  ) {
    throw new InputError(`"${textOf(component.label)}" sends nothing to the bot`);
  }
  if (values !== undefined) throw new InputError('a button takes no values');
  return {};
}
