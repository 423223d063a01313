/** How a container app's settings name a store: by the bare name, an address, or a connection string without a secret. */

/** What of a setting names the SQL database: where it begins, and the name. Undefined: nothing, or not for certain. */
export function databaseIn(value: string): Place | undefined {
  return /^[\w.-]{1,128}$/.test(value)
    ? { at: 0, name: value }
    : placeOf(value, /(?:^|;)\s*(?:Initial Catalog|Database)\s*=\s*([\w.-]{1,128})\s*(?=;|$)/dgi);
}

/** What of a setting names the Cosmos account: the first part of its host. */
export function accountIn(value: string): Place | undefined {
  return placeOf(value, /https:\/\/([a-z0-9-]{3,50})\.documents\.azure\.[a-z]+(?![\w.-])/dgi);
}

export interface Place {
  readonly at: number;
  readonly name: string;
}

/** The same setting with another name at that place. */
export function pointedAt(value: string, { at, name }: Place, to: string): string {
  return value.slice(0, at) + to + value.slice(at + name.length);
}

/** Two names are none: nobody could say which one is meant. */
function placeOf(value: string, pattern: RegExp): Place | undefined {
  const found = [...value.matchAll(pattern)];
  const [at] = found[0]?.indices?.[1] ?? [];
  return found.length === 1 && at !== undefined ? { at, name: found[0]?.[1] as string } : undefined;
}
