import type { Overwrite } from '../base/permissions.js';

/** A person or a bot. */
export interface User {
  id: string;
  username: string;
  globalName: string | null;
  bot: boolean;
  /** Set on the three people of the default world, so that a page can offer them by what they may do. */
  label?: 'trader' | 'viewer' | 'admin';
  /** False: direct messages to this user are refused (code 50007). */
  acceptsDms: boolean;
}

export interface Role {
  id: string;
  name: string;
  /** 0xRRGGBB; 0 = no colour. */
  color: number;
  permissions: bigint;
  position: number;
  /** True for the role that came with a bot. */
  managed: boolean;
}

export interface Member {
  userId: string;
  /** Role ids without @everyone. */
  roles: string[];
  nick: string | null;
  joinedAt: number;
  /** While this lies ahead the member may only read. */
  timeoutUntil: number | null;
}

export interface GuildChannel {
  kind: 'guild';
  id: string;
  type: number;
  name: string;
  parentId: string | null;
  position: number;
  overwrites: Overwrite[];
  slowModeSeconds: number;
  /** A thread that nobody wrote in for a while: it takes new messages, which open it, and no change of those it has. */
  archived: boolean;
}

/** Announcement, public and private threads; a forum's posts are public threads of it. */
const THREAD_TYPES = [10, 11, 12];

export function isThread({ type }: Pick<GuildChannel, 'type'>): boolean {
  return THREAD_TYPES.includes(type);
}

/** A direct-message channel between one person and one bot. */
export interface DmChannel {
  kind: 'dm';
  id: string;
  userId: string;
  appId: string;
}

export type Channel = GuildChannel | DmChannel;

/** A bot's application; its id is also its bot user's id, as for every application made since 2016. */
export interface Application {
  id: string;
  name: string;
  token: string;
  /** Whether anybody may invite it, as Discord has it from the start. */
  isPublic: boolean;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
}
