import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A message as Discord's API takes it: fit for interaction answers and channel messages alike. */
export interface View {
  content: string;
  embeds: APIEmbed[];
  components: Row[];
}

/** Discord's limits that views keep to: https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
export const LIMITS = {
  content: 2000,
  embeds: 10,
  embedText: 6000,
  description: 4096,
  field: 1024,
  title: 256,
};

export const COLOUR = { calm: 0x5865f2, good: 0x57f287, warn: 0xfee75c, bad: 0xed4245, quiet: 0x99aab5 };
