import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountDesk } from '../../../src/services/accounts/account-desk.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { BookWatch } from '../../../src/services/noticing/book-watch.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { bookOf } from '../support/scene.js';

let reads: number;
let looked: Book[];
let wanted: boolean;
let onRead: (book: Book) => void;
let onChange: () => void;
let sut: BookWatch;

const desk = {
  number: '1',
  watch: {
    listen(listener: { onChange(): void }) {
      onChange = () => listener.onChange();
    },
  },
  positions: {
    listen(listener: (book: Book) => void) {
      onRead = listener;
    },
    read: async () => {
      reads += 1;
      const book = bookOf([]);
      onRead(book);
      return book;
    },
  },
} as unknown as AccountDesk;

/** Lets everything run that can. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

beforeEach(() => {
  reads = 0;
  looked = [];
  wanted = true;
  const looker = { wants: async () => wanted, look: async (book: Book) => void looked.push(book) };
  sut = new BookWatch([looker], new VirtualClock(), pino({ level: 'silent' }));
  sut.follow(desk);
});

describe('an account that somebody wants read', () => {
  it('is read once of however many changes, a moment later, and looked at', async () => {
    for (let change = 0; change < 1_000; change += 1) onChange();
    await settle();
    expect([reads, looked.length]).toEqual([1, 1]);
    onChange();
    await settle();
    expect([reads, looked.length]).toEqual([2, 2]);
  });

  it('is left alone where nobody wants it; what others read is looked at all the same', async () => {
    wanted = false;
    onChange();
    await settle();
    expect(reads).toBe(0);
    onRead(bookOf([]));
    await settle();
    expect(looked).toHaveLength(1);
  });

  it('is not looked at any more once stopped', async () => {
    await sut.stop();
    onChange();
    onRead(bookOf([]));
    await settle();
    expect([reads, looked.length]).toEqual([0, 0]);
  });
});
