import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { type Panel, panelsSvg } from './panels.ts';
import { theme } from './theme.ts';

/** What an easel asks of its thread, and what comes back: a PNG, or why there is none. */
export interface DrawRequest {
  readonly number: number;
  readonly panels: readonly Panel[];
}
export type DrawAnswer =
  | { readonly number: number; readonly png: Uint8Array }
  | { readonly number: number; readonly error: unknown };

const requireFile = createRequire(import.meta.url);
/** Shipped with the app: every machine draws the same, also one without fonts. */
const fontFiles = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
].map((file) => requireFile.resolve(file));

parentPort?.on('message', ({ number, panels }: DrawRequest) => {
  parentPort?.postMessage(answer(number, panels));
});

function answer(number: number, panels: readonly Panel[]): DrawAnswer {
  try {
    return { number, png: toPng(panelsSvg(panels)) };
  } catch (error) {
    return { number, error };
  }
}

function toPng(svg: string): Uint8Array {
  const drawing = new Resvg(svg, {
    background: theme.background,
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: theme.font, sansSerifFamily: theme.font },
  });
  return drawing.render().asPng();
}
