import type { Logger } from 'pino';
import type { Address, Messenger } from '../ports/messenger.js';
import type { Pictures } from '../ports/pictures.js';
import { reminderPicture } from '../screens/pictures/index.js';
import type { ReminderContent } from '../services/reminders/content.js';
import type { DiscordChannel } from './channel.js';

/** Adds a picture to what a reminder has told, once it is out; nobody waits for it, and where it fails that is logged. */
export class IllustratedMessenger implements Messenger<ReminderContent> {
  constructor(
    private readonly messenger: Messenger<ReminderContent>,
    private readonly deps: { channel: Pick<DiscordChannel, 'attach'>; pictures: Pictures; log: Logger },
  ) {}

  async send(message: Address & ReminderContent): Promise<{ ref: string }> {
    const sent = await this.messenger.send(message);
    this.#illustrate(sent.ref, message).catch((error: unknown) =>
      this.deps.log.warn({ err: error }, 'a reminder got no picture'),
    );
    return sent;
  }

  findSent(...asked: Parameters<Messenger<ReminderContent>['findSent']>) {
    return this.messenger.findSent(...asked);
  }

  directMessage(...told: Parameters<Messenger<ReminderContent>['directMessage']>) {
    return this.messenger.directMessage(...told);
  }

  async #illustrate(ref: string, content: ReminderContent): Promise<void> {
    const picture = reminderPicture(content);
    if (!picture) return;
    const { name, alt, svg } = picture;
    const bytes = await this.deps.pictures.draw(svg);
    if (bytes) await this.deps.channel.attach(ref, { name, alt, bytes });
  }
}
