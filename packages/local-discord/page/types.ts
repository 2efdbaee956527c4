/**
 * Shapes the page reads: the `/local/*` contract and the public parts of Discord's message objects
 * (API v10). Every field the page can do without is optional: what the server leaves out is simply
 * not shown.
 */
interface Role {
  id: string;
  name: string;
  /** 0xRRGGBB; 0 means "no colour". */
  color: number;
}

export interface User {
  id: string;
  username: string;
  global_name?: string | null;
  avatar_url?: string | null;
  bot?: boolean;
  roles?: Role[];
  label?: string;
}

export interface Channel {
  id: string;
  name: string;
  type: number;
  parent?: string | null;
}

export interface Choice {
  name: string;
  value: string | number;
}

/** Option types of application commands; numbers are Discord's. */
export const OptionType = {
  Subcommand: 1,
  Group: 2,
  String: 3,
  Integer: 4,
  Boolean: 5,
  User: 6,
  Channel: 7,
  Role: 8,
  Mentionable: 9,
  Number: 10,
  Attachment: 11,
} as const;

export interface CommandOption {
  type: number;
  name: string;
  description: string;
  required?: boolean;
  choices?: Choice[];
  autocomplete?: boolean;
  options?: CommandOption[];
  channel_types?: number[];
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
}

export interface Command {
  id: string;
  application_id?: string;
  type?: number;
  name: string;
  description: string;
  options?: CommandOption[];
  /** Registered for one server, and offered there only. */
  guild_id?: string;
  /** Where it may be used: 0 in a server, 1 in a direct message with its bot; null: in both. */
  contexts?: number[] | null;
  /** The older way to keep a command out of direct messages. */
  dm_permission?: boolean;
}

interface Emoji {
  id?: string | null;
  name?: string | null;
}

interface SelectOption {
  label: string;
  value: string;
  description?: string;
  emoji?: Emoji;
  default?: boolean;
}

interface Media {
  url: string;
  width?: number | null;
  height?: number | null;
}

/** Any message or modal component; which fields are there depends on `type`. */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  label?: string;
  description?: string | null;
  style?: number;
  emoji?: Emoji;
  url?: string;
  disabled?: boolean;
  placeholder?: string;
  options?: SelectOption[];
  channel_types?: number[];
  min_values?: number;
  max_values?: number;
  min_length?: number;
  max_length?: number;
  required?: boolean;
  value?: string;
  content?: string;
  accent_color?: number | null;
  spoiler?: boolean;
  media?: Media;
  file?: Media;
  name?: string;
  items?: { media: Media; description?: string | null }[];
  divider?: boolean;
}

export interface Embed {
  title?: string;
  description?: string;
  url?: string;
  color?: number | null;
  timestamp?: string;
  author?: { name: string; url?: string; icon_url?: string };
  footer?: { text: string; icon_url?: string };
  image?: Media;
  thumbnail?: Media;
  fields?: { name: string; value: string; inline?: boolean }[];
}

export interface Attachment {
  id: string;
  filename: string;
  description?: string | null;
  content_type?: string;
  size?: number;
  url: string;
  width?: number | null;
  height?: number | null;
}

interface InteractionInfo {
  id: string;
  type: number;
  name?: string;
  user?: User;
}

export interface Message {
  id: string;
  channel_id: string;
  author: User;
  content: string;
  timestamp: string;
  edited_timestamp?: string | null;
  flags?: number;
  type?: number;
  mentions?: User[];
  attachments?: Attachment[];
  embeds?: Embed[];
  components?: Component[];
  interaction_metadata?: InteractionInfo | null;
  interaction?: InteractionInfo | null;
  message_reference?: { message_id?: string } | null;
  referenced_message?: Message | null;
  /** Set by the local server while a deferred answer is still awaited. */
  loading?: boolean;
  /** Set instead when the bot never came back within 15 minutes. */
  failed?: boolean;
}

export const MessageFlag = { Ephemeral: 64, Loading: 128, ComponentsV2: 32768 } as const;

export interface LocalState {
  guild: { id: string; name: string };
  me: User;
  users: User[];
  channels: Channel[];
  dms: { channel_id: string; user: User }[];
  bots: { id: string; username: string; online: boolean }[];
  commands: Command[];
  panel: { title: string; url: string } | null;
}

/** An option as sent to the server: a value, or nested options under a subcommand. */
export interface SentOption {
  name: string;
  type?: number;
  value?: string | number | boolean;
  options?: SentOption[];
  focused?: boolean;
}

export interface ModalRequest {
  interaction_id: string;
  nonce?: string;
  custom_id: string;
  title: string;
  components: Component[];
}

/** What `GET /local/events` streams. */
export type ServerEvent =
  | { type: 'hello' }
  | { type: 'message_create' | 'message_update'; message: Message }
  | { type: 'message_delete'; channel_id: string; id: string }
  | InteractionEvent
  | ({ type: 'modal' } & ModalRequest)
  | { type: 'typing'; channel_id: string; user: string }
  | { type: 'commands'; commands: Command[] }
  | { type: 'bot_status'; bot: string; online: boolean }
  | { type: 'channels'; channels: Channel[]; dms: LocalState['dms'] }
  | { type: 'reset' };

export interface InteractionEvent {
  type: 'interaction';
  id: string;
  nonce?: string;
  state: 'pending' | 'acked' | 'failed';
  channel_id: string;
  error?: string;
}
