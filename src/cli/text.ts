import type { AccountName } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import type { Report } from '../ports/report.js';
import { cancelViews } from '../screens/cancel.js';
import { cancelOfferViews } from '../screens/cancel-question.js';
import { type Failure, failureOf } from '../screens/failure.js';
import { WORD_JOINER } from '../screens/pages.js';
import { previewViews } from '../screens/preview.js';
import { reportViews } from '../screens/report.js';
import type { View } from '../screens/view.js';
import type { CancelOffer } from '../services/orders/cancels/cancel-offer.js';
import type { CancelNews } from '../services/orders/cancels/cancel-reader.js';
import type { Preview } from '../services/previews/preview.js';

/** The very texts of the chat, without its markup: one wording for both surfaces. */
export function plainPreview(preview: Preview, environment: Environment): string {
  return plainViews(previewViews(preview, environment, new Date()));
}

export function plainReport(report: Report, environment: Environment, account: AccountName): string {
  return plainViews(reportViews(report, environment, account));
}

export function plainCancelOffer(offer: CancelOffer, environment: Environment): string {
  return plainViews(cancelOfferViews(offer, environment));
}

export function plainCancelNews(news: CancelNews, environment: Environment): string {
  return plainViews(cancelViews(news, environment));
}

/** What was looked at, and which accounts could not be. */
export function plainViews(views: readonly View[]): string {
  return views.map(plain).join('\n\n');
}

/** @param money the failing step could have sent orders */
export function plainFailure(error: unknown, money: boolean): { text: string; level: Failure['level'] } {
  const { title, text, level } = failureOf(error, money);
  return { text: stripMarkup(`${title}: ${text}`), level };
}

function plain({ content, embeds }: View): string {
  const blocks = embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.map(({ name, value }) => `${name}\n${value}`),
    footer?.text,
  ]);
  return [content, ...blocks]
    .filter(Boolean)
    .map((text) => stripMarkup(text ?? ''))
    .join('\n');
}

function stripMarkup(text: string): string {
  return text
    .replace(/<t:(\d+):\w>/g, (_, seconds: string) => utcText(new Date(Number(seconds) * 1000)))
    .replace(/<@!?\w+> ?/g, '')
    .replace(/^-# |^# /gm, '')
    .replace(/\*\*|`/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll(WORD_JOINER, '');
}

/** `2026-11-29 20:15 UTC`: a terminal knows no zone of the reader's. */
function utcText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
