export interface AuditEvent {
  at: Date;
  /** Discord user id, or `system`. */
  actor: string;
  kind: string;
  planId: string | null;
  /** JSON-able facts; never secrets. */
  details: Record<string, unknown>;
}

/** Who did what to a plan. It is only ever added to; people read it in the database itself. */
export interface AuditTrail {
  audit(event: AuditEvent): Promise<void>;
}
