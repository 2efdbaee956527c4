import { type Client, InteractionContextType, Routes } from 'discord.js';
import { withAccount } from '../commands/account-option.js';
import type { Command } from '../commands/command.js';

/**
 * Tells Discord which commands there are, replacing the former list. In a server they show at once; globally
 * Discord may take a while. Only in servers: in direct messages nobody would see what was placed.
 * @param severalAccounts those that can be asked for one account take it as an option
 */
export async function registerCommands(
  client: Client<true>,
  commands: readonly Command[],
  guildId: string | null,
  severalAccounts: boolean,
): Promise<void> {
  const application = client.application.id;
  const route = guildId
    ? Routes.applicationGuildCommands(application, guildId)
    : Routes.applicationCommands(application);
  await client.rest.put(route, {
    body: commands.map((command) => ({
      ...(severalAccounts ? withAccount(command) : command.data),
      contexts: [InteractionContextType.Guild],
    })),
  });
}
