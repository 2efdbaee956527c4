import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Action } from '../services/access/access.js';
import type { App } from './app.js';

export type PressInteraction = MessageComponentInteraction | ModalSubmitInteraction;
export type Choice = APIApplicationCommandOptionChoice<string>;

/**
 * One slash command, in one file: its shape, and what happens. The dispatcher acknowledges before `run` (Discord
 * waits three seconds), enforces access, and turns any error into an answer, so `run` only reads options,
 * calls one service and shows the result.
 */
export interface Command {
  data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** The right it needs, looked at before anything is read; its choices need the same. */
  action: Action;
  /** Takes the account where there are several: the command itself, or these of its subcommands. */
  account?: true | readonly string[];
  /** Whether the answer is for the channel or for the asker alone. */
  ack: 'public' | 'private';
  /** It asks the broker about the account, so that one person can't have any number of them under way. */
  reads?: true;
  run(interaction: ChatInputCommandInteraction, app: App): Promise<void>;
  /** Choices for the option being typed, from memory: Discord shows nothing that takes longer than a moment. */
  complete?(interaction: AutocompleteInteraction, app: App): Promise<Choice[]>;
  /** What its buttons, menus and forms do, by the second part of their custom id (see `customId`). */
  parts?: Record<string, Part>;
}

/** What came with a press, not looked at yet: it can hold anything. */
export interface Pressed {
  /** What follows the part's name in the custom id. */
  argument: string;
  /** A menu's choices. */
  values: readonly string[];
}

export interface Part<T = unknown> {
  /** What the press carries; null for what none of ours does, and then nothing runs. See `arguments.ts`. */
  read(pressed: Pressed): T | null;
  /** The right it needs. After a `trade` an unexpected error never claims that nothing was sent. */
  action: Action;
  /** `update` edits the pressed message, `private` and `public` answer beside it, `form` opens a form at once. */
  ack: 'update' | 'private' | 'public' | 'form';
  /** As of a command. Never of a press that can lead to orders or takes an offer back. */
  reads?: true;
  run(interaction: PressInteraction, carried: T, app: App): Promise<void>;
}
