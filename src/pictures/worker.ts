import { parentPort, workerData } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import type { Drawn, Tools, Wish } from './wish.js';

// The thread that draws: what resvg does takes tens of milliseconds, and whoever wants an answer must not wait for it.
const { fontFiles, family, scale } = workerData as Tools;

parentPort?.on('message', ({ id, svg }: Wish) => {
  parentPort?.postMessage(answer(id, svg));
});

function answer(id: number, svg: string): Drawn {
  try {
    const resvg = new Resvg(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: family },
      fitTo: { mode: 'zoom', value: scale },
      logLevel: 'off',
    });
    return { id, png: new Uint8Array(resvg.render().asPng()) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
