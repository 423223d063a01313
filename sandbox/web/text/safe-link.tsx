import type { ReactNode } from 'react';
import { safeUrl } from './safe-url.ts';

/** A link that opens beside the page; an address of another kind than the web's is shown as text. */
export function SafeLink({ url, children }: { url: string; children: ReactNode }) {
  const href = safeUrl(url);
  if (href === undefined) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}
