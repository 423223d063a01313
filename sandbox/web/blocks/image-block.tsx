import type { ImageBlock as Image, ImageElement } from '@slack/types';
import { SafeLink } from '../text/safe-link.tsx';

/** The sandbox loads nothing from elsewhere: an image inside the message is shown, any other is a link. */
export function ImageBlock({ image, small = false }: { image: Image | ImageElement; small?: boolean }) {
  const url = 'image_url' in image && image.image_url ? image.image_url : '';
  if (url.startsWith('data:image/')) {
    return <img className={small ? 'image-small' : 'image'} src={url} alt={image.alt_text} />;
  }
  return <SafeLink url={url}>{image.alt_text}</SafeLink>;
}
