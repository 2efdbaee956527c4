// The yardstick: the least a discord.js bot can be. It logs in, registers one command, and acknowledges it.
import { Client, Events, GatewayIntentBits, Routes } from 'discord.js';

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: process.env.DISCORD_API_URL },
});
client.on(Events.InteractionCreate, async (interaction) => {
  if (!interaction.isChatInputCommand()) return;
  await interaction.deferReply();
  await interaction.editReply('pong');
});
client.once(Events.ClientReady, () =>
  client.rest.put(Routes.applicationGuildCommands(client.application.id, process.env.DISCORD_GUILD_ID), {
    body: [{ name: 'ping', description: 'pong' }],
  }),
);
await client.login(process.env.DISCORD_TOKEN);
