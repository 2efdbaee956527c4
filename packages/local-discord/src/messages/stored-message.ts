import type { JsonObject } from '../base/json.js';
import type { Attachment } from './attachments.js';

/** Discord's message object as far as this server fills it. */
export interface WireMessage {
  id: string;
  channel_id: string;
  type: number;
  author: JsonObject;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  tts: boolean;
  mention_everyone: boolean;
  mentions: JsonObject[];
  mention_roles: string[];
  attachments: JsonObject[];
  embeds: JsonObject[];
  components: JsonObject[];
  flags: number;
  pinned: boolean;
  nonce?: string | number;
  application_id?: string;
  webhook_id?: string;
  interaction_metadata?: JsonObject;
  message_reference?: JsonObject;
  referenced_message?: JsonObject | null;
}

/** A message with what only the server knows about it. */
export interface StoredMessage {
  wire: WireMessage;
  authorId: string;
  /** The one user who sees it; null: everybody in the channel. */
  ephemeralFor: string | null;
  /** The interaction whose token may edit it; null: an ordinary message. */
  interactionId: string | null;
  /** All its files, also those shown only inside an embed. */
  files: Attachment[];
  /** True when the bot deferred and never came back in time. */
  failed: boolean;
}
