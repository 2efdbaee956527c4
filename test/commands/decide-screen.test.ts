import pino from 'pino';
import { expect, it } from 'vitest';
import type { App } from '../../src/commands/app.js';
import type { PressInteraction } from '../../src/commands/command.js';
import { decideOnScreen } from '../../src/commands/decide-screen.js';
import { button, row, whoseButtons } from '../../src/screens/components.js';
import { reportViews } from '../../src/screens/report.js';
import type { Row, View } from '../../src/screens/view.js';
import { line, NAME, report } from '../services/support/builders.js';

const ASKED = whoseButtons({ intentId: 5, lookalikes: ['702', '703'], positionId: 37 });
const OTHERS = [
  ...whoseButtons({ intentId: 6, lookalikes: ['704'], positionId: 38 }),
  button('targets:again:9', 'Preview QQQ #9'),
];

/** What is said, and what the pressed message offers then, where this one was pressed. */
async function pressed(
  message: Pick<View, 'embeds'> & { rows: Row[] },
  { whose = 'ours' as 'ours' | 'by-hand', orderIds = ['702'], editable = true } = {},
) {
  const said: string[] = [];
  let offered: Row[] = message.rows;
  const app = {
    environment: 'PAPER',
    log: pino({ level: 'silent' }),
    lookalikes: { decide: async () => 'plan-1' },
  } as unknown as App;
  const interaction = {
    user: { id: '1' },
    member: null,
    message: { ...message, components: message.rows.map((each) => ({ toJSON: () => each })) },
    followUp: async ({ content }: View) => void said.push(content),
    editReply: async ({ components }: Pick<View, 'components'>) => {
      if (!editable) throw new Error('the message is gone');
      offered = components;
    },
  } as unknown as PressInteraction;
  await decideOnScreen(interaction, { intentId: 5, orderIds, whose }, app);
  return { said, offered };
}

it('under another message it is answered there, and nothing is asked there any more', async () => {
  const rows = [row(ASKED), row([...OTHERS])];
  const { said, offered } = await pressed({ embeds: [], rows });
  expect(said).toEqual(['**Written down: order 702 is the bot’s.**\nNothing was sent.\n-# **PAPER**']);
  expect(offered).toEqual([row(OTHERS)]);
  const mixed = await pressed({ embeds: [], rows: [row([...ASKED.slice(0, 2), ...OTHERS])] });
  expect(mixed.offered).toEqual([row(OTHERS)]);
});

it.each([
  [['702'], 'order 702 was placed by hand'],
  [['702', '703'], 'orders 702 and 703 were placed by hand'],
])(
  'it names %j as placed by hand, also where the pressed message can’t be changed',
  async (orderIds, words) => {
    const shown = { embeds: [], rows: [row(ASKED)] };
    const { said } = await pressed(shown, { whose: 'by-hand', orderIds, editable: false });
    expect(said).toEqual([expect.stringContaining(`**Written down: ${words}.**`)]);
  },
);

it('the plan’s own result says it itself', async () => {
  const open = line({ state: 'unknown', orderId: null, intentId: 5, lookalikes: ['702', '703'] });
  const [mine, others] = ['plan-1', 'plan-2'].map((planId) => {
    const [view] = reportViews({ ...report([open]), planId }, 'PAPER', NAME);
    return { embeds: view?.embeds ?? [], rows: view?.components ?? [] };
  });
  expect(await pressed(mine!)).toEqual({ said: [], offered: mine?.rows });
  expect((await pressed(others!)).said).toHaveLength(1);
});
