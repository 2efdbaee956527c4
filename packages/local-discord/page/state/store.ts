import type { LocalState, Message, ModalRequest } from '../types.js';

/** An interaction this page has begun and whose end is not known yet, or that failed. */
export interface Pending {
  /** Chosen here, echoed in events: it ties an answer to what was pressed before its id is known. */
  nonce: string;
  id: string | null;
  kind: 'command' | 'component' | 'modal';
  channel: string;
  state: 'sent' | 'failed';
  /** The command as typed, for "X used /targets". */
  name: string;
  /** The bot whose command it is. */
  bot: string;
  messageId: string;
  customId: string;
  error: string;
  startedAt: number;
}

export interface OpenModal extends ModalRequest {
  channel: string;
  sending: boolean;
  error: string;
}

/** Everything the page shows. Changed only inside `Store.change`. */
export interface AppState {
  link: 'connecting' | 'live' | 'lost';
  /** Why nothing can be shown at all (server gone, unknown user), or a refusal to mention; '' if none. */
  notice: string;
  local: LocalState | null;
  user: string;
  channel: string;
  messages: Message[];
  /** The channel whose messages are in `messages`; '' until the first load. */
  loadedChannel: string;
  dismissed: Set<string>;
  pending: Map<string, Pending>;
  /** Names of the commands sent from here, by interaction id, for messages that do not carry them. */
  commandNames: Map<string, string>;
  modal: OpenModal | null;
  /** User id -> instant (ms) until which "is typing" is shown; current channel only. */
  typing: Map<string, number>;
  unread: Set<string>;
  sidebarOpen: boolean;
  panelOpen: boolean;
  welcomeOpen: boolean;
  /** The hints of a demo. */
  guideOpen: boolean;
  /** A command with choices of the bot's is being written. */
  picking: boolean;
  /** Off: as for whoever has "Show embeds" switched off in Discord's settings; a bot's embeds go too. */
  embedsShown: boolean;
  theme: 'dark' | 'light';
}

export function initialState(): AppState {
  return {
    link: 'connecting',
    notice: '',
    local: null,
    user: '',
    channel: '',
    messages: [],
    loadedChannel: '',
    dismissed: new Set(),
    pending: new Map(),
    commandNames: new Map(),
    modal: null,
    typing: new Map(),
    unread: new Set(),
    sidebarOpen: false,
    panelOpen: false,
    welcomeOpen: false,
    guideOpen: true,
    picking: false,
    embedsShown: true,
    theme: 'dark',
  };
}

/** Holds the state and tells one listener, at most once per turn of the event loop, that it changed. */
export class Store {
  readonly state = initialState();
  private listener: () => void = () => {};
  private queued = false;

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  change(mutate: (state: AppState) => void): void {
    mutate(this.state);
    if (this.queued) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      this.listener();
    });
  }
}
