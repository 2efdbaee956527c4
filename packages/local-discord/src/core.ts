import type { Clock } from './base/clock.js';
import { SnowflakeMaker } from './base/snowflake.js';
import { CommandRegistry } from './commands/registry.js';
import { Hub } from './hub.js';
import { Interactions } from './interactions/interactions.js';
import { AttachmentStore } from './messages/attachments.js';
import { Messages } from './messages/messages.js';
import { defaultWorld } from './world/default-world.js';
import type { World } from './world/world.js';

/** The state that the bot's side (REST, gateway) and the people's side (/local) share. */
export interface Core {
  readonly clock: Clock;
  readonly ids: SnowflakeMaker;
  readonly hub: Hub;
  readonly world: World;
  readonly attachments: AttachmentStore;
  readonly messages: Messages;
  readonly commands: CommandRegistry;
  readonly interactions: Interactions;
}

/** @param origin `http://host:port`, known once the server listens. */
export function createCore(
  clock: Clock,
  token: string | undefined,
  origin: () => string,
  firstAnswerMs?: number,
): Core {
  const ids = new SnowflakeMaker(clock);
  const hub = new Hub();
  const world = defaultWorld(clock, ids, token);
  const attachments = new AttachmentStore(() => ids.next(), origin);
  return {
    clock,
    ids,
    hub,
    world,
    attachments,
    messages: new Messages(world, clock, ids, attachments, hub),
    commands: new CommandRegistry(ids, clock, hub),
    interactions: new Interactions(clock, ids, hub, firstAnswerMs),
  };
}
