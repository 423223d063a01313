import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { theme } from './theme.ts';

/** A picture for people, and the same in words for those who don't see it. */
export interface Picture {
  readonly png: Uint8Array;
  /** One or a few sentences, no markup; Slack takes 2,000 characters. */
  readonly altText: string;
}

const requireFile = createRequire(import.meta.url);
/** Shipped with the app: every machine draws the same, also one without fonts. */
const fontFiles = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
].map((file) => requireFile.resolve(file));
const altTextLength = 2_000;

/** SVG → PNG, off the event loop. */
export async function toPicture(svg: string, altText: string): Promise<Picture> {
  const image = await renderAsync(svg, {
    background: theme.background,
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: theme.font, sansSerifFamily: theme.font },
  });
  return { png: image.asPng(), altText: altText.slice(0, altTextLength) };
}
