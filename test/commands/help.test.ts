import type { ChatInputCommandInteraction } from 'discord.js';
import { expect, it } from 'vitest';
import type { App } from '../../src/commands/app.js';
import { COMMANDS } from '../../src/commands/index.js';
import type { View } from '../../src/screens/view.js';
import { expectWithinLimits } from './support/limits.js';

it('/help tells of every other command in the words in which Discord offers it', async () => {
  const shown: View[] = [];
  const show = async (view: View) => ({ id: String(shown.push(view)) });
  const interaction = { editReply: show, followUp: show };
  const help = COMMANDS.find(({ data }) => data.name === 'help');
  await help?.run(interaction as unknown as ChatInputCommandInteraction, { environment: 'PAPER' } as App);
  for (const view of shown) expectWithinLimits(view);
  const text = shown.map(({ content }) => content).join('\n');
  const told = [...text.matchAll(/^\*\*\/(\w+)\*\* – (.+)$/gm)].map(([, name, what]) => [name, what]);
  const others = COMMANDS.filter((command) => command !== help).map(({ data }) => data);
  expect(told).toEqual(others.map(({ name, description }) => [name, description]));
});
