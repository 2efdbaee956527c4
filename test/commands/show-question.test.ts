import { expect, it } from 'vitest';
import type { PressInteraction } from '../../src/commands/command.js';
import { showQuestion } from '../../src/commands/show-pages.js';
import { button, row } from '../../src/screens/components.js';
import type { View } from '../../src/screens/view.js';

const page = (content: string, asks = false): View => ({
  content,
  embeds: [],
  components: asks ? [row([button('cancel:yes:1', 'Cancel these')])] : [],
});

/** What a run that ends at some moment leaves behind: messages that have buttons, and those that are written down. */
async function shown(pages: readonly View[], { reply = true, down = false } = {}) {
  const buttons = new Set<string>();
  const written = new Set<string>();
  const moments: string[][] = [];
  const show = (id: string, { components = [] }: Partial<View>) => {
    if (components.length > 0) buttons.add(id);
    moments.push([...buttons].filter((each) => !written.has(each)));
    return { id };
  };
  let posted = 1;
  const interaction = {
    editReply: async (view: Partial<View> & { message?: string }) => show(view.message ?? '1', view),
    followUp: async (view: View) => {
      posted += 1;
      return show(String(posted), view);
    },
    fetchReply: async () => {
      if (!reply) throw new Error('away');
      return { id: '1' };
    },
  } as unknown as PressInteraction;
  const stands = async (id: string) => {
    if (down) throw new Error('locked');
    written.add(id);
  };
  const asked = await showQuestion(interaction, pages, stands).then(
    () => 'asked',
    ({ message }: Error) => message,
  );
  return {
    asked,
    buttons: [...buttons],
    written: [...written],
    lost: moments.filter((each) => each.length > 0),
  };
}

it.each([
  ['one page', [page('Cancel?', true)], '1'],
  ['two pages', [page('Cancel these:'), page('Cancel?', true)], '2'],
  ['many pages', [page('Cancel these:'), page('and these'), page('and'), page('Cancel?', true)], '4'],
])('a question of %s is written down before its buttons are seen, where they stand', async (_, pages, id) => {
  expect(await shown(pages)).toEqual({ asked: 'asked', buttons: [id], written: [id], lost: [] });
});

it('where nobody can tell where it will stand, it is written down as soon as it stands', async () => {
  expect(await shown([page('Cancel?', true)], { reply: false })).toMatchObject({
    buttons: ['1'],
    written: ['1'],
  });
});

it.each([
  ['one page', [page('Cancel?', true)]],
  ['two pages', [page('Cancel these:'), page('Cancel?', true)]],
])('a question of %s that can’t be written down is not asked', async (_, pages) => {
  expect(await shown(pages, { down: true })).toEqual({ asked: 'locked', buttons: [], written: [], lost: [] });
});
