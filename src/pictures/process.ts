import type { Drawn, Tools, Wish } from './wish.js';

// The process that draws: what resvg does takes tens of milliseconds, and whoever wants an answer must not wait for it. It
// ends once the bot is gone, as nothing but the channel to it keeps it.
const { fontFiles, family, scale } = JSON.parse(process.argv[2] ?? '') as Tools;

process.on('message', async ({ id, svg }: Wish) => {
  process.send?.({ id, ...(await answer(svg)) } as Drawn);
});

async function answer(svg: string): Promise<{ png: Uint8Array } | { failure: string } | { unable: string }> {
  const library = await import('@resvg/resvg-js').catch((error: unknown) => ({ unable: wordsOf(error) }));
  if ('unable' in library) return library;
  try {
    const resvg = new library.Resvg(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: family },
      fitTo: { mode: 'zoom', value: scale },
      logLevel: 'off',
    });
    return { png: new Uint8Array(resvg.render().asPng()) };
  } catch (error) {
    return { failure: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
