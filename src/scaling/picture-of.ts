import type { ScalingProposal } from '../domain/scaling-proposal.ts';
import type { Picture } from '../pictures/draw.ts';
import type { LookParts } from './look-parts.ts';

/** Draws and uploads it. A proposal without its picture is still a proposal. */
export async function pictureOf(
  { chat, logger }: Pick<LookParts, 'chat' | 'logger'>,
  title: string,
  draw: () => Promise<Picture>,
): Promise<ScalingProposal['picture']> {
  try {
    const { png, altText } = await draw();
    return { fileId: await chat.uploadPicture({ name: 'load.png', title, altText, png }), altText };
  } catch (error) {
    logger.warn({ err: error, picture: title }, 'a scaling proposal goes without its picture');
    return undefined;
  }
}
