import type { Choice, Command, LocalState, Message, SentOption } from './types.js';

/** The server refused a request (4xx/5xx with `{error}`), or did not answer at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ApiError(0, 'The local Discord server does not answer. Is it still running?');
  }
  const text = await response.text();
  const body = parse(text);
  if (!response.ok) {
    const reason = (body as { error?: unknown } | null)?.error;
    throw new ApiError(response.status, typeof reason === 'string' ? reason : `HTTP ${response.status}`);
  }
  return body as T;
}

/** JSON, or null where the body is none (an empty 204, a proxy's HTML). */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  if (signal) init.signal = signal;
  return call<T>(path, init);
}

/** Guild, channels, users, bots and commands as `user` sees them; an empty `user` is the server's default. */
export function fetchState(user: string): Promise<LocalState> {
  return call<LocalState>(`/local/state${user ? `?user=${encodeURIComponent(user)}` : ''}`);
}

/** The channel's last messages, oldest first, with the ephemeral ones this user may see. */
export function fetchMessages(channel: string, user: string): Promise<Message[]> {
  return call<Message[]>(
    `/local/channels/${encodeURIComponent(channel)}/messages?user=${encodeURIComponent(user)}&limit=100`,
  );
}

export function eventsUrl(user: string): string {
  return `/local/events?user=${encodeURIComponent(user)}`;
}

export interface Sender {
  user: string;
  channel_id: string;
  nonce?: string;
}

export interface Started {
  interaction_id: string;
}

/** A command is named together with its bot, as two bots may share a name. */
function commandBody(command: Command, options: SentOption[]): object {
  return { name: command.name, options, ...(command.application_id && { bot: command.application_id }) };
}

export function sendCommand(from: Sender, command: Command, options: SentOption[]): Promise<Started> {
  return post('/local/interactions', { ...from, kind: 'command', ...commandBody(command, options) });
}

/** Asks the bot for choices; rejects with status 504 when it does not answer within 3 s. */
export function autocomplete(
  from: Sender,
  command: Command,
  options: SentOption[],
  signal: AbortSignal,
): Promise<{ choices: Choice[] }> {
  return post(
    '/local/interactions',
    { ...from, kind: 'autocomplete', ...commandBody(command, options) },
    signal,
  );
}

export function useComponent(
  from: Sender,
  messageId: string,
  customId: string,
  values?: string[],
): Promise<Started> {
  const body = { ...from, kind: 'component', message_id: messageId, custom_id: customId };
  return post('/local/interactions', values ? { ...body, values } : body);
}

export function submitModal(
  from: Sender,
  interactionId: string,
  customId: string,
  fields: Record<string, string | string[]>,
): Promise<Started> {
  return post('/local/interactions', {
    ...from,
    kind: 'modal',
    interaction_id: interactionId,
    custom_id: customId,
    fields,
  });
}

export function sendMessage(from: Sender, content: string): Promise<unknown> {
  return post('/local/messages', { ...from, content });
}

/** How an interaction stands, for one whose events may have been missed. */
export function fetchInteraction(id: string): Promise<{ state: 'pending' | 'acked' | 'failed' }> {
  return call(`/local/interactions/${encodeURIComponent(id)}`);
}
