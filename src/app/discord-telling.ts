import type { Illustrate } from '../bot/added-pictures.js';
import { discordSurface } from '../bot/discord-surface.js';
import type { AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { assignedWords } from '../screens/assigned.js';
import { boardWords } from '../screens/board.js';
import { cancelWords } from '../screens/cancel.js';
import { questionWords } from '../screens/cancel-question.js';
import { closingWords } from '../screens/closing.js';
import { closingDigestWords } from '../screens/closing-digest.js';
import { exitWords } from '../screens/exit.js';
import { fillWords } from '../screens/fill.js';
import { digestWords } from '../screens/fill-digest.js';
import { lostWords } from '../screens/lost.js';
import { openedWords } from '../screens/opened.js';
import { closedPicture } from '../screens/pictures/closed.js';
import { reminderPicture } from '../screens/pictures/index.js';
import { foundWords } from '../screens/reconcile.js';
import { reminderWords, setbackWords } from '../screens/reminders/words.js';
import { resultWords } from '../screens/result-words.js';
import type { View } from '../screens/view.js';
import { ClosingDigestProjector } from '../services/history/closing-digest-projector.js';
import { ClosingProjector } from '../services/history/closing-projector.js';
import { AssignedProjector } from '../services/noticing/assigned-projector.js';
import { BoardProjector } from '../services/noticing/board-projector.js';
import { ExitProjector } from '../services/noticing/exits/exit-projector.js';
import { FoundProjector } from '../services/noticing/found-projector.js';
import { OpenedProjector } from '../services/noticing/opened-projector.js';
import { CancelProjector } from '../services/orders/cancels/cancel-projector.js';
import { QuestionProjector } from '../services/orders/cancels/question-projector.js';
import { DigestProjector } from '../services/orders/digest-projector.js';
import { FillProjector } from '../services/orders/fill-projector.js';
import { LostProjector } from '../services/orders/lost-projector.js';
import { ReminderSaying, SetbackSaying } from '../services/reminders/engine/index.js';
import type { TellingSurface } from './compose-telling.js';

export interface TellingRules {
  /** How late a reminder's run may be and still be told of, in milliseconds. */
  graceMs: number;
  /** Adds a picture to what is out; absent where none are drawn. */
  illustrate?: Illustrate;
}

/** All that is told on Discord. A new kind of message is its projector, its words, and a line here. */
export function discordTelling(
  environment: Environment,
  names: AccountNaming,
  { graceMs, illustrate = () => {} }: TellingRules,
): Omit<TellingSurface<View>, 'channel'> {
  return {
    surface: discordSurface,
    words: resultWords(environment, names),
    projectors: ({ store, clock, ...readers }) => ({
      fill: new FillProjector(readers.fillReader, fillWords(environment, names), store.notices, clock),
      'fill-digest': new DigestProjector(
        store,
        readers.fillReader,
        digestWords(environment, names),
        store.notices,
        clock,
      ),
      closed: new ClosingProjector(
        readers.closingReader,
        {
          ...closingWords(environment, names),
          onOut: (news, refs) => illustrate(() => closedPicture(news), refs),
        },
        store.outbox,
        store.notices,
        clock,
      ),
      'closed-digest': new ClosingDigestProjector(
        store,
        readers.closingReader,
        closingDigestWords(environment, names),
        store.outbox,
        store.notices,
        clock,
      ),
      cancel: new CancelProjector(readers.cancelReader, cancelWords(environment), store.notices, clock),
      lost: new LostProjector(readers.lostReader, lostWords(environment), store.notices, clock),
      assigned: new AssignedProjector(readers.assignedReader, assignedWords(environment), store.notices),
      board: new BoardProjector(readers.boardReader, boardWords(environment), clock),
      opened: new OpenedProjector(readers.openedReader, openedWords(environment), store.notices),
      reconcile: new FoundProjector(readers.foundReader, foundWords(environment)),
      exit: new ExitProjector(readers.exitReader, exitWords(environment)),
      'cancel-question': new QuestionProjector(store, questionWords(environment, names), clock),
    }),
    sayings: ({ store: { reminders: store }, reminderContent: builder, clock }) => ({
      reminder: new ReminderSaying({
        store,
        builder,
        words: {
          ...reminderWords(environment),
          onOut: (content, refs) => illustrate(() => reminderPicture(content), refs),
        },
        clock,
        rules: { graceMs },
      }),
      notice: new SetbackSaying({ store, words: setbackWords }),
    }),
  };
}
