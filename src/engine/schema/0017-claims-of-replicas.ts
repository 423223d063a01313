/** Who claimed it: what a replica that is gone had claimed need not wait until its claim runs out. */
export const claimsOfReplicas = /* sql */ `
alter table stamps.inbox add column claimed_by text;
alter table stamps.messages add column claimed_by text;
alter table stamps.effects add column claimed_by text;
`;
