import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPicture, type Wanted } from '../../src/commands/add-picture.js';
import type { App } from '../../src/commands/app.js';
import type { PressInteraction } from '../../src/commands/command.js';
import { OnScreen } from '../../src/commands/on-screen.js';
import type { Picture } from '../../src/screens/pictures/svg.js';

interface Patch {
  body: { attachments: { id: string; description?: string }[] };
  files?: { name: string; data: Buffer }[];
}

/** What was sent, and how each is answered; an edit waits until the test lets it go. */
let sent: { route: string; patch: Patch; done(): void }[];
let logged: string[];

beforeEach(() => {
  sent = [];
  logged = [];
});
/** Nothing may be under way on a message when the next test begins. */
afterEach(async () => {
  for (const { done } of sent) done();
  await settle();
  for (const { done } of sent) done();
});

const interaction = {
  applicationId: 'A',
  token: 'T',
  client: {
    rest: {
      patch: (route: string, patch: Patch) =>
        new Promise<void>((done) => {
          sent.push({ route, patch, done });
        }),
    },
  },
} as unknown as PressInteraction;

const appWith = (draw: (svg: string) => Promise<Uint8Array | null>): App =>
  ({
    pictures: { draw },
    onScreen: new OnScreen(),
    log: pino({ level: 'warn' }, { write: (line: string) => logged.push(line) }),
  }) as unknown as App;
const app = appWith(async (svg) => new TextEncoder().encode(svg));

const named = (svg: string): Picture => ({ name: 'payoff-1.png', svg, alt: `words of ${svg}` });

function add(wanted: Wanted, id = 'm1', on = app): void {
  addPicture(interaction, { id, isReply: false }, on, wanted);
}

/** Lets everything happen that needs no answer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

it('sends a picture as the message’s one file, with its words, and touches nothing else', async () => {
  add({ make: async () => named('one') });
  await settle();
  expect(sent).toHaveLength(1);
  const { route, patch } = sent[0]!;
  expect(route).toBe('/webhooks/A/T/messages/m1');
  expect(patch.body).toEqual({
    attachments: [{ id: '0', filename: 'payoff-1.png', description: 'words of one' }],
  });
  expect(patch.files?.map(({ name, data }) => [name, data.toString()])).toEqual([['payoff-1.png', 'one']]);
});

it('sends none where there is nothing to draw, where the message says something else by then, or where none are wanted or can be drawn', async () => {
  add({ make: async () => null });
  add({ make: async () => named('one'), stillFits: async () => false }, 'm2');
  add({ make: async () => named('one') }, 'm3', { ...app, pictures: null });
  add(
    { make: async () => named('one') },
    'm4',
    appWith(async () => null),
  );
  await settle();
  expect(sent).toEqual([]);
  expect(logged).toEqual([]);
});

it('logs what fails, and nobody hears of it', async () => {
  add({ make: () => Promise.reject(new Error('odd facts')) });
  add(
    { make: async () => named('one') },
    'm2',
    appWith(() => Promise.reject(new Error('no process'))),
  );
  add({ make: async () => named('one'), stillFits: () => Promise.reject(new Error('no database')) }, 'm3');
  await settle();
  expect(sent).toEqual([]);
  for (const why of ['odd facts', 'no process', 'no database']) expect(logged.join()).toContain(why);
});

it('a newer picture waits for an older one under way, which could otherwise come after it', async () => {
  add({ make: async () => named('old') });
  await settle();
  add({ make: async () => named('new') });
  await settle();
  expect(sent).toHaveLength(1);
  sent[0]!.done();
  await settle();
  expect(sent.map(({ patch }) => patch.body.attachments[0]?.description)).toEqual([
    'words of old',
    'words of new',
  ]);
});

it('one under way goes again where the newer words get none', async () => {
  add({ make: async () => named('old') });
  await settle();
  add({ make: async () => null });
  await settle();
  sent[0]!.done();
  await settle();
  expect(sent[1]?.patch).toMatchObject({ body: { attachments: [] } });
  expect(sent[1]?.patch.files).toBeUndefined();
});

it('other messages wait for nothing', async () => {
  add({ make: async () => named('one') });
  await settle();
  add({ make: async () => named('two') }, 'm2');
  await settle();
  expect(sent).toHaveLength(2);
});
