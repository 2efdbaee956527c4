import { TextInputStyle } from 'discord.js';

/** In the list of positions to choose from. */
export const ALL_CHOICE = 'all: every position that has no targets';

/** Prices to close at, in the list to choose from. */
export const PRICE_CHOICES = [
  { name: 'mid: halfway between bid and ask', value: 'mid' },
  { name: 'mark: the broker’s fair value', value: 'mark' },
  { name: 'natural: what the other side shows, fills at once', value: 'natural' },
];

/** What takes the place of a preview that can't be submitted any more. */
export const PREVIEW_ENDS = {
  replaced: 'Replaced by the newer preview below. No order was sent.',
  expired: '⌛ This preview expired. No order was sent.',
  discarded: 'Discarded. No order was sent.',
};

/** Where the price to close at is typed. */
export function closePriceForm(customId: string) {
  return {
    title: 'Close at (nothing is sent)',
    custom_id: customId,
    components: [
      {
        type: 18 as const,
        label: 'Limit price',
        description: 'Such as 1.25, for one unit and share; on the price grid.',
        component: {
          type: 4 as const,
          custom_id: 'price',
          style: TextInputStyle.Short,
          required: true,
          max_length: 20,
        },
      },
    ],
  };
}

/**
 * Where another percentage or price is typed.
 * @param order that is to have it; absent for a preview's own targets
 */
export function repriceForm(customId: string, order?: string) {
  return {
    title: order === undefined ? 'Re-price (nothing is sent)' : `New price for ${order} (nothing is sent)`,
    custom_id: customId,
    components: [
      {
        type: 18 as const,
        label: order === undefined ? 'Percent, or several for a ladder' : 'Percent',
        description: `Such as 45${order === undefined ? ', or 40,60' : ''}. Leave empty to set a price.`,
        component: {
          type: 4 as const,
          custom_id: 'percent',
          style: TextInputStyle.Short,
          required: false,
          max_length: 40,
        },
      },
      {
        type: 18 as const,
        label: 'Limit price',
        description: `Such as 1.25${order === undefined ? '; only for a position with one target' : ''}.`,
        component: {
          type: 4 as const,
          custom_id: 'price',
          style: TextInputStyle.Short,
          required: false,
          max_length: 20,
        },
      },
    ],
  };
}
