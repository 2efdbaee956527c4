import type { AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import type { ResultWords } from '../services/telling/result-projector.js';
import { beginsResult, reportViews, resultMark } from './report.js';
import type { View } from './view.js';

/** How results read on Discord; each page's footer says whose it is, and which news it tells. */
export function resultWords(environment: Environment, accounts: AccountNaming): ResultWords<View> {
  return {
    pages: (report) => reportViews(report, environment, accounts.of(report.account)),
    newsOn({ embeds }, planId) {
      const [, news = null] = embeds.at(-1)?.footer?.text.split(resultMark(planId)) ?? [];
      return news;
    },
    begins: beginsResult,
  };
}
