import type { ImageBlock as Image, ImageElement } from '@slack/types';
import { SafeLink } from '../text/safe-link.tsx';

/** The sandbox loads nothing from elsewhere: an uploaded image or one inside the message is shown, any other is a link. */
export function ImageBlock({ image, small = false }: { image: Image | ImageElement; small?: boolean }) {
  const url = addressOf(image);
  if (url.startsWith('data:image/') || url.startsWith('/api/files/')) {
    return <img className={small ? 'image-small' : 'image'} src={url} alt={image.alt_text} />;
  }
  return <SafeLink url={url}>{image.alt_text}</SafeLink>;
}

function addressOf(image: Image | ImageElement): string {
  if ('image_url' in image && image.image_url) return image.image_url;
  const file = 'slack_file' in image ? image.slack_file : undefined;
  return file && 'id' in file && file.id ? `/api/files/${encodeURIComponent(file.id)}` : '';
}
