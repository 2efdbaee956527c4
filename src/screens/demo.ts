/** What to do with a demo that runs. */
export function demoText(url: string, log: string): string {
  return `
  The demo is running. Nothing in it is real: a paper broker, a local Discord, and the real bot between them.

    Open   ${url}
    Type   /targets     and follow the page's hints

  Bot log: ${log}      Stop with Ctrl+C
`;
}

export function demoEndedText(code: number | null, log: string): string {
  return `The bot ended (${code ?? 'killed'}). Its log says why: ${log}`;
}
