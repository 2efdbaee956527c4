import type { EntityManager } from 'typeorm';
import type { Board, Boards } from '../../ports/boards.js';
import type { Database } from '../database.js';
import { BoardRow } from '../entities/index.js';
import { notesOf, oweAnew } from './outbox.js';

/** What the messages of boards are kept under. */
const KIND = 'board';

export function boards(database: Database): Boards {
  return {
    placeBoard: (account, channelId, now) => database.write((m) => place(m, account, channelId, now)),
    takeDownBoard: (account, channelId, now) => database.write((m) => takeDown(m, account, channelId, now)),
    board: (id) => database.read((m) => m.findOneBy(BoardRow, { id })),
    standingBoards: (account) => database.read((m) => standing(m, account)),
  };
}

/** Two processes that place the same one at once clash on its place; the loser's transaction runs again. */
async function place(manager: EntityManager, account: string, channelId: string, now: Date): Promise<Board> {
  const former = await manager.findOneBy(BoardRow, { account, channelId });
  if (former) await manager.update(BoardRow, { id: former.id }, { turn: former.turn + 1, down: false });
  else await manager.insert(BoardRow, { account, channelId, turn: 1, down: false });
  const board = await manager.findOneByOrFail(BoardRow, { account, channelId });
  await owe(manager, board, now, true);
  return board;
}

async function takeDown(
  manager: EntityManager,
  account: string,
  channelId: string,
  now: Date,
): Promise<boolean> {
  const board = await manager.findOneBy(BoardRow, { account, channelId, down: false });
  if (!board) return false;
  await manager.update(BoardRow, { id: board.id }, { down: true });
  await owe(manager, board, now, false);
  return true;
}

/** It answers nobody's press: nobody is mentioned, or told directly where the channel refuses. */
function owe(manager: EntityManager, { id, channelId }: Board, now: Date, begin: boolean): Promise<void> {
  return oweAnew(manager, { kind: KIND, topic: String(id), channelId, userId: '' }, now, begin);
}

async function standing(manager: EntityManager, account: string): Promise<Board[]> {
  const up = await manager.find(BoardRow, { where: { account, down: false }, order: { id: 'ASC' } });
  const seen = await Promise.all(up.map(({ id }) => notesOf(manager, { kind: KIND, topic: String(id) })));
  return up.filter((_board, index) => (seen[index]?.length ?? 0) > 0);
}
