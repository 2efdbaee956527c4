import type { Environment } from '../domain/environment.js';
import type { ResultWords } from '../services/telling/result-projector.js';
import { beginsResult, reportViews, resultMark } from './report.js';
import type { View } from './view.js';

/** How results read on Discord; each page's footer says whose it is, and which news it tells. */
export function resultWords(environment: Environment): ResultWords<View> {
  return {
    pages: (report) => reportViews(report, environment),
    newsOn({ embeds }, planId) {
      const [, news = null] = embeds.at(-1)?.footer?.text.split(resultMark(planId)) ?? [];
      return news;
    },
    begins: beginsResult,
  };
}
