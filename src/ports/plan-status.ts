/**
 * - `open`: shown, may be submitted until it expires
 * - `claimed`: its one press arrived; its order intents exist
 * - `done`: every intent is settled (placed, refused, absent or abandoned)
 * - `stale`: given up at its press, such as for a position that changed; nothing was sent
 * - `superseded`: re-priced or refreshed by a newer plan
 * - `cancelled`: the requester pressed Cancel
 * - `expired`: its time ran out unpressed
 */
export type PlanStatus = 'open' | 'claimed' | 'done' | 'stale' | 'superseded' | 'cancelled' | 'expired';
