import { EventEmitter } from 'node:events';
import type { JsonObject } from './base/json.js';
import type { Interaction } from './interactions/interaction.js';
import type { StoredMessage } from './messages/stored-message.js';

/** What happens inside; the gateway tells the bots of it, the user side tells the people. */
interface HubEvents {
  messageCreated: [message: StoredMessage];
  messageUpdated: [message: StoredMessage];
  messageDeleted: [message: StoredMessage];
  interactionChanged: [interaction: Interaction];
  modalOpened: [interaction: Interaction, modal: JsonObject];
  typing: [channelId: string, userId: string];
  commandsChanged: [];
  botStatus: [appId: string, online: boolean];
  /** A change of channels, roles or members, already in the gateway's words; `intent` is the bit it needs. */
  guildEvent: [type: string, data: JsonObject, intent: number];
  /** A bot was kicked and is back. */
  invitedAgain: [appId: string];
  /** A DM was opened; Discord tells its bot. */
  dmOpened: [channelId: string];
}

export class Hub extends EventEmitter<HubEvents> {
  constructor() {
    super();
    // Every open page is one listener per event; Node's warning at ten would be noise.
    this.setMaxListeners(0);
  }
}
