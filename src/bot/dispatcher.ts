import {
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  MessageFlags,
  type RepliableInteraction,
} from 'discord.js';
import type { Logger } from 'pino';
import { ACCOUNT_OPTION, accountChoices } from '../commands/account-option.js';
import { actorOf, placeOf } from '../commands/actor.js';
import type { App } from '../commands/app.js';
import { pressedOf } from '../commands/arguments.js';
import type { Choice, Command, Part, PressInteraction } from '../commands/command.js';
import { BrokerError, UserError } from '../domain/errors.js';
import { readCustomId } from '../screens/custom-ids.js';
import { failureOf, unreadChoice } from '../screens/failure.js';
import { type Action, answersIn, assertChannel, assertMay, permission } from '../services/access/access.js';
import { PersonLimit } from '../services/access/person-limit.js';
import { hasAnother, isAnothers, orNothing } from './acknowledge.js';
import { replyFailure, sayElsewhere } from './replies.js';

const MAX_CHOICES = 25;

/**
 * Every interaction enters here: access is checked, Discord is answered within its three seconds, the command
 * runs, and whatever goes wrong is logged and told. Nothing thrown gets past this class.
 */
export class Dispatcher {
  readonly #commands: ReadonlyMap<string, Command>;
  readonly #limit: PersonLimit;

  constructor(
    commands: readonly Command[],
    private readonly app: App,
    private readonly log: Logger,
  ) {
    this.#limit = new PersonLimit(app.access);
    this.#commands = new Map(commands.map((command) => [command.data.name, command]));
  }

  async dispatch(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return this.#complete(interaction);
    if (interaction.isChatInputCommand()) {
      return this.#guarded(interaction, false, async () => {
        await this.app.home.assertAdmitted(actorOf(interaction));
        await this.#command(interaction);
      });
    }
    if (interaction.isMessageComponent() || interaction.isModalSubmit()) {
      const money = this.#part(interaction)?.part.action === 'trade';
      return this.#guarded(interaction, money, async () => {
        await this.app.home.assertAdmitted(actorOf(interaction));
        await this.#press(interaction);
      });
    }
  }

  async #command(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = this.#commands.get(interaction.commandName);
    if (!command) throw outdated();
    this.#admit(interaction, command.action);
    const privately = command.ack === 'private' ? ({ flags: MessageFlags.Ephemeral } as const) : {};
    await this.#limited(interaction, command, async () => {
      await orNothing(interaction, () => interaction.deferReply(privately));
      await command.run(interaction, this.app);
    });
  }

  async #press(interaction: PressInteraction): Promise<void> {
    const found = this.#part(interaction);
    if (!found) throw outdated();
    const { part, argument } = found;
    const carried = part.read(pressedOf(interaction, argument));
    if (carried === null) throw outdated();
    this.#admit(interaction, part.action);
    if (part.action === 'trade') this.app.submit.expect();
    await this.#limited(interaction, part, async () => {
      await acknowledge(interaction, part);
      await part.run(interaction, carried, this.app);
    });
  }

  /** The place first, then the right; both before the acknowledgement, so that a refusal is for who asked alone. */
  #admit(interaction: ChatInputCommandInteraction | PressInteraction, action: Action): void {
    assertChannel(this.app.access, placeOf(interaction));
    assertMay(this.app.access, actorOf(interaction), action);
  }

  /** Before the acknowledgement, which would make the answer public: a refusal is for who asked alone. */
  async #limited(
    interaction: ChatInputCommandInteraction | PressInteraction,
    { reads }: Pick<Command, 'reads'>,
    work: () => Promise<void>,
  ): Promise<void> {
    return reads ? this.#limit.within(actorOf(interaction), work) : work();
  }

  /** Without an answer Discord says that the application failed; to whom nothing may be told gets no choices. */
  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const command = interaction.commandName;
    const admitted = this.app.home.assertAdmitted(actorOf(interaction));
    const choices = await admitted
      .then(() => this.#choices(interaction))
      .catch((error: unknown) => {
        const level = error instanceof UserError ? 'info' : 'warn';
        this.log[level]({ err: error, command }, 'autocomplete failed');
        return [];
      });
    await interaction.respond(choices.slice(0, MAX_CHOICES)).catch((error: unknown) => {
      this.log.warn({ err: error, command }, 'could not answer an autocomplete');
    });
  }

  /** What keeps the account from being read is the only choice then. Where nothing is answered, and to whom nothing may be shown, nothing is told about the account either. */
  async #choices(interaction: AutocompleteInteraction): Promise<Choice[]> {
    if (!answersIn(this.app.access, placeOf(interaction))) return [];
    const command = this.#commands.get(interaction.commandName);
    if (!command || permission(this.app.access, actorOf(interaction), command.action) !== 'ok') return [];
    const focused = command.account ? interaction.options.getFocused(true) : null;
    if (focused?.name === ACCOUNT_OPTION) return accountChoices(this.app.desks.known, focused.value);
    if (!command.complete) return [];
    return command.complete(interaction, this.app).catch((error: unknown) => {
      if (!(error instanceof UserError || error instanceof BrokerError)) throw error;
      this.log.info({ err: error, command: interaction.commandName }, 'no choices to give');
      const why = unreadChoice(error);
      return [{ name: why, value: why }];
    });
  }

  async #guarded(
    interaction: RepliableInteraction,
    money: boolean,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (hasAnother(error, interaction))
        return this.log.info({ interaction: interaction.id }, 'another process has this interaction');
      const failure = failureOf(error, money);
      const where = { interaction: interaction.id, user: interaction.user.id };
      this.log[failure.level]({ err: error, ...where }, failure.title);
      try {
        await replyFailure(interaction, failure);
      } catch (unanswered) {
        if (isAnothers(unanswered, interaction)) return;
        this.log.error({ err: unanswered, ...where }, 'could not tell the user about a failure');
        await sayElsewhere(interaction, failure).catch((unsaid: unknown) =>
          this.log.error({ err: unsaid, ...where }, 'could not say it elsewhere either'),
        );
      }
    }
  }

  #part(interaction: PressInteraction): { part: Part; argument: string } | null {
    const { command, part: name, argument } = readCustomId(interaction.customId);
    const parts = this.#commands.get(command)?.parts ?? {};
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return part ? { part, argument } : null;
  }
}

async function acknowledge(interaction: PressInteraction, { ack }: Part): Promise<void> {
  if (ack === 'form') return;
  await orNothing(interaction, () => {
    if (ack === 'private') return interaction.deferReply({ flags: MessageFlags.Ephemeral });
    return ack === 'public' ? interaction.deferReply() : interaction.deferUpdate();
  });
}

function outdated(): UserError {
  return new UserError('OUTDATED', {});
}
