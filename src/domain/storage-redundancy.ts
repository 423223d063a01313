interface Kept {
  readonly primary: string;
  readonly redundancy: string;
  readonly dataLossAllowed?: true;
}

/** Is there a copy in another region? `Standard_GRS`, `_RAGRS`, `_GZRS`, `_RAGZRS` (learn.microsoft.com, “Azure Storage redundancy”). */
export function isGeoRedundant(redundancy: string): boolean {
  return /^standard_(ra)?gz?rs$/i.test(redundancy);
}

/**
 * What an account must be on the way from one state to another, as no write changes both its primary and whether it
 * has a copy, but for an unplanned failover: first a copy is made, then it fails over; first it fails over, then the
 * copy is given up.
 */
export function stopsBetween<State extends Kept>(from: State, to: State): State[] {
  if (from.primary === to.primary || to.dataLossAllowed) return [];
  const [had, has] = [from, to].map(({ redundancy }) => isGeoRedundant(redundancy));
  if (!had && has) return [{ ...from, redundancy: to.redundancy }];
  return had && !has ? [{ ...to, redundancy: from.redundancy }] : [];
}
