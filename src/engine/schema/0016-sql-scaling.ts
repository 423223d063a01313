/** Proposals about SQL databases, beside those about replicas, and what people want databases to be at least. */
export const sqlScaling = /* sql */ `
alter table stamps.scaling_proposals drop constraint scaling_proposals_direction_check;
alter table stamps.scaling_proposals add constraint scaling_proposals_direction_check
  check (direction in ('out', 'in', 'up', 'down'));
-- Never two open proposals for a cell's replicas, nor for its database, whoever races.
drop index stamps.scaling_proposals_open;
create unique index scaling_proposals_open on stamps.scaling_proposals (cell, (direction in ('up', 'down')))
  where state in ('open', 'snoozed', 'proposed');

create table stamps.sql_floors (
  cell   text primary key,
  -- The service objective, with what makes it comparable.
  tier   jsonb not null,
  -- The run by which a person set it.
  run_id text not null references stamps.runs (id),
  set_at timestamptz not null default clock_timestamp()
);
`;
