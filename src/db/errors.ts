/**
 * The caller asked for something the records forbid, such as letting an order leave twice. Nothing was
 * written. Always a bug on our side, never the trader's doing.
 */
export class StoreRefusal extends Error {
  constructor(
    readonly code:
      | 'NO_SUCH_PLAN'
      | 'NO_SUCH_INTENT'
      | 'NOTHING_TO_SEND'
      | 'ALREADY_SENT'
      | 'CLAIM_WITHOUT_INTENTS'
      | 'CLAIM_MIXED_UP'
      | 'AMBIGUOUS_POSITION',
    message: string,
  ) {
    super(message);
    this.name = 'StoreRefusal';
  }
}
