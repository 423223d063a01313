/** By which step of which attempt a change was last about to be sent, and on which version of what was there. */
export const sentOn = /* sql */ `
alter table stamps.undo add column sent_on jsonb;
`;
