import { eventsUrl } from './api.js';
import type { ServerEvent } from './types.js';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;

interface Handlers {
  onEvent(event: ServerEvent): void;
  /** Called at every successful (re)connection: whatever happened meanwhile must be fetched again. */
  onOpen(): void;
  onLost(): void;
}

/**
 * Keeps one event stream open for `user` until the returned function is called. EventSource gives up
 * for good on an HTTP error, so the retry is ours, with a growing pause.
 */
export function listen(user: string, handlers: Handlers): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let pause = FIRST_RETRY_MS;
  let stopped = false;

  const open = (): void => {
    source = new EventSource(eventsUrl(user));
    source.onopen = () => {
      pause = FIRST_RETRY_MS;
      handlers.onOpen();
    };
    source.onmessage = (frame) => {
      if (!stopped) deliver(String(frame.data), handlers);
    };
    source.onerror = () => {
      source?.close();
      if (stopped) return;
      handlers.onLost();
      timer = window.setTimeout(open, pause);
      pause = Math.min(pause * 2, LAST_RETRY_MS);
    };
  };

  open();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    source?.close();
  };
}

function deliver(data: string, handlers: Handlers): void {
  let event: ServerEvent;
  try {
    event = JSON.parse(data) as ServerEvent;
  } catch {
    return; // a keep-alive or a frame that is not ours
  }
  handlers.onEvent(event);
}
