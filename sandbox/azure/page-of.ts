export interface Page<Item> {
  readonly value: readonly Item[];
  /** Absent with the last page. */
  readonly nextLink?: string;
}

/** The page that a request asks for by the token of its `nextLink`. */
export function pageOf<Item>(
  all: readonly Item[],
  size: number,
  { url, origin }: { readonly url: URL; readonly origin: string },
  tokenName = '$skiptoken',
): Page<Item> {
  const end = (Number(url.searchParams.get(tokenName)) || 0) + size;
  const value = all.slice(end - size, end);
  if (end >= all.length) return { value };
  const next = new URL(url.pathname + url.search, origin);
  next.searchParams.set(tokenName, String(end));
  return { value, nextLink: next.href };
}
