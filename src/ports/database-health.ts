export interface DatabaseHealth {
  /**
   * Cheap proof that the database answers, its migrations are applied and it takes a write, which leaves no more behind
   * than the last one did.
   * @throws DatabaseFailure, Error
   */
  check(): Promise<{ driver: string; pendingMigrations: number }>;
}
