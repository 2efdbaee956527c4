import { randomBytes } from 'node:crypto';
import { apiError } from '../base/api-error.js';
import type { Clock } from '../base/clock.js';
import { FIRST_ANSWER_MS, TOKEN_LIFE_MS } from '../base/constants.js';
import type { SnowflakeMaker } from '../base/snowflake.js';
import type { Hub } from '../hub.js';
import type { Interaction } from './interaction.js';

type Given =
  | 'id'
  | 'appId'
  | 'kind'
  | 'type'
  | 'userId'
  | 'channelId'
  | 'inGuild'
  | 'nonce'
  | 'commandType'
  | 'focusedType'
  | 'sourceMessageId'
  | 'metadata';

/** What a new interaction is made from; the rest starts out empty. */
export type InteractionSeed = Pick<Interaction, Given>;

/** All interactions and their two deadlines: 3 s for the first answer, 15 min for the token. */
export class Interactions {
  private readonly byId = new Map<string, Interaction>();
  private readonly byToken = new Map<string, Interaction>();
  private readonly deadlines = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly ids: SnowflakeMaker,
    private readonly hub: Hub,
    private readonly firstAnswerMs = FIRST_ANSWER_MS,
  ) {}

  nextId(): string {
    return this.ids.next();
  }

  /** Starts the three seconds. The caller delivers it to the bot right after. */
  open(seed: InteractionSeed): Interaction {
    const interaction: Interaction = {
      ...seed,
      token: randomBytes(48).toString('base64url'),
      createdAt: this.clock.now(),
      state: 'pending',
      ackedAt: null,
      callbackType: null,
      error: null,
      originalId: null,
      messageIds: [],
      modal: null,
      choices: null,
    };
    this.byId.set(interaction.id, interaction);
    this.byToken.set(interaction.token, interaction);
    this.deadlines.set(
      interaction.id,
      this.clock.after(this.firstAnswerMs, () => this.fail(interaction)),
    );
    this.hub.emit('interactionChanged', interaction);
    return interaction;
  }

  get(id: string): Interaction | undefined {
    return this.byId.get(id);
  }

  /** The interaction a callback may answer. Throws 10062 when unknown or late, 40060 when already answered. */
  answerable(id: string, token: string): Interaction {
    const interaction = this.byId.get(id);
    if (!interaction || interaction.token !== token) throw apiError('unknownInteraction');
    if (interaction.state === 'acked') throw apiError('alreadyAcknowledged');
    if (interaction.state === 'failed' || this.ageOf(interaction) > this.firstAnswerMs) {
      throw apiError('unknownInteraction');
    }
    return interaction;
  }

  /** The interaction behind a webhook route. Throws 10015 before any answer, 50027 after fifteen minutes. */
  webhook(appId: string, token: string): Interaction {
    const interaction = this.byToken.get(token);
    if (!interaction || interaction.appId !== appId || interaction.state !== 'acked') {
      throw apiError('unknownWebhook');
    }
    if (this.ageOf(interaction) > TOKEN_LIFE_MS) throw apiError('expiredToken');
    return interaction;
  }

  ack(interaction: Interaction, callbackType: number): void {
    this.deadlines.get(interaction.id)?.();
    this.deadlines.delete(interaction.id);
    interaction.state = 'acked';
    interaction.ackedAt = this.clock.now();
    interaction.callbackType = callbackType;
    this.hub.emit('interactionChanged', interaction);
  }

  /** Runs `task` when the interaction's token stops working. */
  atExpiry(interaction: Interaction, task: () => void): void {
    this.clock.after(interaction.createdAt + TOKEN_LIFE_MS - this.clock.now(), task);
  }

  private ageOf(interaction: Interaction): number {
    return this.clock.now() - interaction.createdAt;
  }

  private fail(interaction: Interaction): void {
    this.deadlines.delete(interaction.id);
    interaction.state = 'failed';
    interaction.error = 'The application did not respond';
    this.hub.emit('interactionChanged', interaction);
  }
}
