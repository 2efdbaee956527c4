import type { Interactions } from '../state/interactions.js';
import type { Session } from '../state/session.js';
import type { AppState } from '../state/store.js';

/** What every template may read and do. */
export interface View {
  state: AppState;
  session: Session;
  interactions: Interactions;
  nowMs: number;
  /** Puts a command into the composer, ready to send. */
  fillCommand(label: string): void;
}
