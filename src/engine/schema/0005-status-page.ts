/** What customers were told, or are about to be told, of an incident. */
export const statusPage = /* sql */ `
create table stamps.status_updates (
  seq         bigserial primary key,
  key         text not null unique,
  incident_id text not null references stamps.incidents (id),
  -- {name, status, impact, body, components}
  update      jsonb not null,
  by_id       text not null,
  wanted_at   timestamptz not null default clock_timestamp(),
  -- wanted, published, failed
  state       text not null default 'wanted',
  link        text
);
create index status_updates_by_incident on stamps.status_updates (incident_id, seq);
`;
