import { type SVGTemplateResult, svg } from 'lit';

/** Outlines on a 24-unit grid, drawn for this page. */
const PATHS = {
  send: 'M3 4.5 21 12 3 19.5l2.8-7.5L3 4.5Zm2.8 7.5H13',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16',
  at: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1',
  chart: 'M4 20V4M4 20h16M8 16l3.5-5 3 3L20 7',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.6 9.4a2.5 2.5 0 1 1 3.6 2.6c-.8.5-1.2 1-1.2 2M12 17v.4',
  chevron: 'M6 9l6 6 6-6',
  check: 'M5 12.5 10 17.5 19 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  warn: 'M12 4 2.8 20h18.4L12 4Zm0 6v5M12 17.4v.2',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm12.5 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z',
  file: 'M6 3h8l4 4v14H6V3Zm8 0v4h4',
  link: 'M14 4h6v6M20 4l-9 9M10 6H5v13h13v-5',
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative icon in the text's colour; whatever it stands for must be said in words beside it. */
export function icon(name: IconName): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
  </svg>`;
}
