/** So that correlation finds what an alert may belong to without reading all that is open. */
export const correlation = /* sql */ `
create index alerts_by_spot on stamps.alerts (spot) where condition = 'fired';
create index alerts_serious on stamps.alerts (at) where condition = 'fired' and serious;
create index alerts_placed on stamps.alerts (incident_id) where placed_by is not null;
`;
