import type { JsonObject } from '../base/json.js';

export type InteractionKind = 'command' | 'autocomplete' | 'component' | 'modal';

/** pending = delivered, no answer yet; acked = answered in time; failed = three seconds passed. */
type InteractionState = 'pending' | 'acked' | 'failed';

/** One thing a person did with a bot, from delivery to the end of its token. */
export interface Interaction {
  readonly id: string;
  /** Authorises the answers, instead of the bot token. */
  readonly token: string;
  readonly appId: string;
  readonly kind: InteractionKind;
  /** Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal submit. */
  readonly type: number;
  readonly userId: string;
  readonly channelId: string;
  /** False in a DM. */
  readonly inGuild: boolean;
  readonly createdAt: number;
  /** The page's own mark, given back with each event. */
  readonly nonce: string | undefined;
  /** 1 slash, 2 user, 3 message; null for anything but a command. */
  readonly commandType: number | null;
  /** Type of the option being completed; null for anything but autocomplete. */
  readonly focusedType: number | null;
  /** The message whose component was used, also for the modal which that component opened. */
  readonly sourceMessageId: string | null;
  /** Goes into `interaction_metadata` of every message that answers. */
  readonly metadata: JsonObject;

  state: InteractionState;
  ackedAt: number | null;
  callbackType: number | null;
  error: string | null;
  /** What `@original` stands for. */
  originalId: string | null;
  /** Messages made by this interaction's token, in order. */
  readonly messageIds: string[];
  /** The modal it opened, as the person sees it. */
  modal: JsonObject | null;
  /** The bot's autocomplete choices. */
  choices: JsonObject[] | null;
}
