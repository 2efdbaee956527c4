import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** The rows it finds stay as they are until the transaction ends. SQLite has one writer at a time and needs no row lock. */
export function locked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
  return query.connection.options.type === 'postgres' ? query.setLock('pessimistic_write') : query;
}
