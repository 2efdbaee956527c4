import { expect, test } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import { note } from '../../../src/services/reminders/kinds/note.js';
import { bookOf } from './book.js';
import { lookAt } from './look.js';

const BOOK = bookOf({ holdings: ['-1 QQQ 2026-12-18 480 P @ 3.00'] });
const AWAY = new BrokerUnreachable('no answer');

test('a note is told whatever the broker does', async () => {
  expect(await note.look(lookAt(AWAY, { text: 'roll it' }))).toMatchObject({
    text: 'roll it',
    position: null,
  });
  expect(await note.look(lookAt(AWAY, { text: 'roll it', position: 1 }))).toMatchObject({
    text: 'roll it',
    state: { kind: 'unreadable', why: AWAY },
  });
});

test('tied to a position it shows how that stands, or that it is gone', async () => {
  expect(await note.look(lookAt(BOOK, { text: 'roll it', position: 1 }))).toMatchObject({
    state: { kind: 'open', view: { id: 1 } },
  });
  expect(await note.look(lookAt(BOOK, { text: 'roll it', position: 2 }))).toMatchObject({
    state: { kind: 'gone' },
  });
});
