import { DiscordAPIError, RESTJSONErrorCodes, type RepliableInteraction } from 'discord.js';
import type { PressInteraction } from '../commands/command.js';
import { UserError } from '../domain/errors.js';
import { LastingClient } from './lasting-client.js';

/**
 * As `surely`, before anything is begun: where Discord takes no acknowledgement, that is all that happened, whatever the
 * press could have led to.
 * @throws UserError `NOT_ACKNOWLEDGED`; DiscordAPIError as `surely` where another process has it
 */
export async function orNothing(
  interaction: RepliableInteraction | PressInteraction,
  acknowledge: () => Promise<unknown>,
): Promise<void> {
  try {
    await surely(interaction, acknowledge);
  } catch (error) {
    if (isTaken(error)) throw error;
    const asked = interaction.isChatInputCommand() ? 'command' : 'press';
    throw Object.assign(new UserError('NOT_ACKNOWLEDGED', { asked }), { cause: error });
  }
}

/**
 * Acknowledges, also where Discord takes it and its answer is lost: asked again, it says that somebody has acknowledged
 * already, and that was us.
 * @throws DiscordAPIError `InteractionHasAlreadyBeenAcknowledged` if another process has this interaction
 */
async function surely(
  interaction: RepliableInteraction | PressInteraction,
  acknowledge: () => Promise<unknown>,
): Promise<void> {
  try {
    await acknowledge();
  } catch (error) {
    if (isTaken(error) ? !isUnclear(interaction) : error instanceof DiscordAPIError) throw error;
    if (!isTaken(error)) {
      const again = await acknowledge().then(
        () => null,
        (failure: unknown) => failure,
      );
      if (again !== null && !isTaken(again)) throw again;
    }
    // What the library would have noted had the answer come.
    interaction.deferred = true;
  }
}

/** Two processes can hear the same interaction; the one that acknowledges first has it. */
function isTaken(error: unknown): boolean {
  return (
    error instanceof DiscordAPIError &&
    error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged
  );
}

/**
 * Another process has it. Where the answer to an acknowledgement was lost, each of two can take it for its own; the
 * database then lets one begin, and what that one does is its own to tell.
 */
export function hasAnother(error: unknown, interaction: RepliableInteraction | PressInteraction): boolean {
  if (isTaken(error)) return true;
  return error instanceof UserError && error.code === 'ALREADY_SUBMITTED' && isUnclear(interaction);
}

/** The answer to an interaction came too late because another process had acknowledged it, surely not this one. */
export function isAnothers(error: unknown, interaction: RepliableInteraction | PressInteraction): boolean {
  return isTaken(error) && !interaction.deferred && !interaction.replied && !isUnclear(interaction);
}

function isUnclear({ id, client }: RepliableInteraction | PressInteraction): boolean {
  return client instanceof LastingClient && client.unclear.has(id);
}
