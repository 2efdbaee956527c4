import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChannelPage, shown } from './support/channel-page.js';
import { chromiumPath } from './support/chromium.js';
import { Stage } from './support/stage.js';

/** Polls until the claim holds: generous, as only failing takes the whole time. */
const eventually = <T>(claim: () => Promise<T> | T) => vi.waitFor(claim, { timeout: 15_000, interval: 50 });

describe.skipIf(!chromiumPath)('the composer', () => {
  let stage: Stage;
  let at: ChannelPage;
  let faults: string[];
  const commands = () => stage.bot.heard.filter((line) => line.startsWith('/'));

  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage?.strike());

  beforeEach(async () => {
    const visit = await stage.visit();
    at = new ChannelPage(visit.page);
    faults = visit.faults;
    stage.bot.heard.length = 0;
    await at.box.focus();
  });
  afterEach(async () => {
    await at.close();
    expect(faults).toEqual([]);
  });

  it('lists the commands with their descriptions once a slash is typed, and narrows the list', async () => {
    await at.type('/');
    await eventually(async () => expect(await at.suggestions.count()).toBe(4));
    expect(await at.suggestions.allInnerTexts()).toEqual([
      expect.stringMatching(/\/help[\s\S]*What the bot can do/),
      expect.stringMatching(/\/positions[\s\S]*Open positions/),
      expect.stringMatching(/\/silent/),
      expect.stringMatching(/\/targets[\s\S]*position[\s\S]*Preview profit targets/),
    ]);
    await at.type('tar');
    await eventually(async () => expect(await at.suggestions.count()).toBe(1));
  });

  it('tells assistive technology what is highlighted', async () => {
    await at.type('/');
    await eventually(async () => expect(await at.box.getAttribute('aria-expanded')).toBe('true'));
    await at.press('ArrowDown');
    const active = await eventually(async () => {
      const id = await at.box.getAttribute('aria-activedescendant');
      expect(id).toBe('suggestion-1');
      return at.page.locator(`#${id}`);
    });
    expect(await active.getAttribute('aria-selected')).toBe('true');
    expect(await active.getAttribute('role')).toBe('option');
  });

  it('sends a command by keyboard alone, its value picked from the bot’s own choices', async () => {
    await at.type('/tar', 'Enter');
    await eventually(async () => expect(await at.suggestions.count()).toBe(3));
    await at.type('spx', 'Enter', 'Enter');
    const answer = at.messageWith('Preview of #38');
    await answer.waitFor();
    expect(stage.bot.heard).toContain('autocomplete spx');
    expect(commands()).toEqual(['/targets position=38']);
    expect(await answer.locator('discord-command').getByText('targets', { exact: true }).count()).toBe(1);
    expect(await answer.locator('discord-command').getByText('trader').count()).toBe(1);
    await eventually(async () => expect(await at.box.inputValue()).toBe(''));
    expect(await at.read('document.activeElement.getAttribute("role")')).toBe('combobox');
  });

  it('never picks from an answer to an earlier text: Enter waits for the one that was typed', async () => {
    await at.type('/targets ');
    await eventually(async () => expect(await at.suggestions.count()).toBe(3));
    await at.type('#38', 'Enter', 'Enter');
    await eventually(() => expect(commands()).toEqual(['/targets position=38']));
  });

  it('adds optional options as named fields, with choices, True and False listed', async () => {
    await at.type('/targets all', 'Enter');
    await eventually(async () => expect(await at.suggestions.allInnerTexts()).toHaveLength(3));
    await at.type('round', 'Tab');
    await eventually(async () =>
      expect(await at.suggestions.allInnerTexts()).toEqual(['Nearest tick', 'In my favour']),
    );
    await at.press('ArrowDown', 'Enter');
    await at.type('dry', 'Tab');
    await eventually(async () => expect(await at.suggestions.allInnerTexts()).toEqual(['True', 'False']));
    await at.press('Enter');
    await at.type('percent:42.5', 'Enter');
    await eventually(() =>
      expect(commands()).toEqual(['/targets position=all rounding=profit dry_run=true percent=42.5']),
    );
  });

  it('reads a whole typed line, its options by name', async () => {
    await at.type('/targets position:37 percent:40', 'Enter');
    await eventually(() => expect(commands()).toEqual(['/targets position=37 percent=40']));
  });

  it('names a missing required option, puts the caret there and sends nothing', async () => {
    await at.type('/targets ', 'Escape');
    await at.page.getByRole('button', { name: 'Send' }).click();
    await eventually(async () =>
      expect(await shown(at.error)).toBe('position: This option is required. Specify a value.'),
    );
    expect(await at.field('position').getAttribute('aria-invalid')).toBe('true');
    await eventually(async () => expect(await at.read('document.activeElement.id')).toBe('option-position'));
    expect(commands()).toEqual([]);
  });

  it('refuses a number out of bounds before anything is sent', async () => {
    await at.type('/targets position:37 percent:101', 'Enter');
    await eventually(async () => expect(await shown(at.error)).toBe('percent: Must be at most 100.'));
    expect(commands()).toEqual([]);
  });

  it('closes the list with Esc, then gives the command up; Backspace takes it apart', async () => {
    await at.type('/targets ');
    await eventually(async () => expect(await at.suggestions.count()).toBe(3));
    await at.press('Escape');
    await eventually(async () => expect(await at.suggestions.count()).toBe(0));
    await at.press('Escape');
    await eventually(async () => expect(await at.box.inputValue()).toBe(''));
    await at.type('/targets ');
    await at.field('position').waitFor();
    await at.press('Backspace');
    await eventually(async () => expect(await at.box.inputValue()).toBe('/targets'));
  });

  it('says so when there is no such command, and keeps the text', async () => {
    await at.type('/nonsense', 'Enter');
    await eventually(async () => expect(await shown(at.error)).toMatch(/no command \/nonsense/));
    expect(await at.box.inputValue()).toBe('/nonsense');
  });

  it('sends plain words as a message of the person, Shift+Enter breaking the line', async () => {
    await at.type('first');
    await at.press('Shift+Enter');
    await at.type('second **bold**', 'Enter');
    const message = at.messageWith('first');
    await message.waitFor();
    expect(await shown(message)).toMatch(/first\nsecond bold/);
    expect(await shown(message.locator('strong'))).toBe('bold');
  });

  it('takes the typing of someone who clicked elsewhere', async () => {
    await at.page.getByRole('heading', { name: '#trading', exact: true }).click();
    await at.type('hello there', 'Enter');
    await at.messageWith('hello there').waitFor();
  });
});
