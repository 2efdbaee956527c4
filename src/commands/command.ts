import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageComponentInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
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
  /** Whether the answer is for the channel or for the asker alone. */
  ack: 'public' | 'private';
  run(interaction: ChatInputCommandInteraction, app: App): Promise<void>;
  /** Choices for the option being typed, from memory: Discord shows nothing that takes longer than a moment. */
  complete?(interaction: AutocompleteInteraction, app: App): Promise<Choice[]>;
  /** What its buttons, menus and forms do, by the second part of their custom id (see `customId`). */
  parts?: Record<string, Part>;
}

export interface Part {
  /**
   * - `anyone`: looks only
   * - `money`: can lead to orders; trading rights are checked again, and an unexpected error never claims that
   *   nothing was sent
   */
  access: 'anyone' | 'money';
  /** `update` edits the pressed message, `private` and `public` answer beside it, `form` opens a form at once. */
  ack: 'update' | 'private' | 'public' | 'form';
  run(interaction: PressInteraction, argument: string, app: App): Promise<void>;
}

/** `targets:submit:K3V9…`: which command's part a press belongs to, and its argument. At most 100 characters. */
export function customId(command: string, part: string, argument = ''): string {
  return `${command}:${part}:${argument}`;
}

export function readCustomId(id: string): { command: string; part: string; argument: string } {
  const [command = '', part = '', ...rest] = id.split(':');
  return { command, part, argument: rest.join(':') };
}
