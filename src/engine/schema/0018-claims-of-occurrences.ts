/** Who is at an occurrence of the calendar: what a replica that is gone had begun need not wait until its claim runs out. */
export const claimsOfOccurrences = /* sql */ `
alter table stamps.occurrences add column claimed_by text;
`;
