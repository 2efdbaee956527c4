import type { Environment } from '../domain/environment.js';
import type { Channel } from '../ports/channel.js';
import type { Clock } from '../ports/clock.js';
import type { Address, Messenger, Sent } from '../ports/messenger.js';
import type { Notice } from '../ports/reminder-store.js';
import { reminderViews } from '../screens/reminders/message.js';
import { noticeText } from '../screens/reminders/notices.js';
import type { View } from '../screens/view.js';
import type { ReminderContent } from '../services/reminders/content.js';
import { putPages } from '../services/telling/pages.js';
import { carriesMark, sentOf, withPageMarks } from './message-marks.js';

/** Words reminders, and looks for those that may have been posted. */
export class DiscordMessenger implements Messenger<ReminderContent> {
  constructor(
    private readonly channel: Channel<View>,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /**
   * The last page carries the buttons, those before it a mark by which a message that was cut short is found and
   * continued. Pages that are out are edited: what they say is of the same moment as the rest, and nobody is told twice.
   */
  async send({
    channelId,
    nonce,
    begun = [],
    ...content
  }: Address & ReminderContent): Promise<{ ref: string }> {
    const pages = withPageMarks(reminderViews(content, this.environment, this.clock.now()), content.leadId);
    const message = { channelId, pages, nonce, mentions: [content.userId] };
    const refs = await putPages(this.channel, message, begun);
    return { ref: refs.at(-1) ?? channelId };
  }

  async findSent(channelId: string, marker: string, since: Date): Promise<Sent | null> {
    const belongs = (page: View) => carriesMark(page, marker);
    const found = await this.channel.find(
      channelId,
      since,
      belongs,
      (some) => sentOf(some, marker)?.whole ?? false,
    );
    return sentOf(found, marker);
  }

  async directMessage(userId: string, notices: readonly Notice[], nonce: string): Promise<void> {
    const channelId = await this.channel.directWith(userId);
    const page = { content: noticeText(notices), embeds: [], components: [] };
    await this.channel.post({ channelId, page, nonce, mentions: [] });
  }
}
