/** Scaling: what people want at least, what was proposed, and which windows of the indicators were looked at for it. */
export const scaling = /* sql */ `
create table stamps.scaling_floors (
  cell     text primary key,
  replicas integer not null check (replicas >= 0),
  -- The run by which a person set it.
  run_id   text not null references stamps.runs (id),
  set_at   timestamptz not null default clock_timestamp()
);

create sequence stamps.scaling_number;
create table stamps.scaling_proposals (
  id            text primary key,
  cell          text not null,
  direction     text not null check (direction in ('out', 'in')),
  -- What it was made from and would do: windows, replicas, thresholds in words.
  evidence      jsonb not null,
  file_id       text,
  alt_text      text,
  channel       text not null,
  state         text not null check (state in ('open', 'snoozed', 'proposed', 'done', 'ended', 'withdrawn', 'dismissed')),
  snoozed_until timestamptz,
  run_id        text references stamps.runs (id),
  -- Who snoozed or dismissed it, and why; what became of its run.
  by_person     text,
  reason        text,
  created_at    timestamptz not null default clock_timestamp(),
  settled_at    timestamptz
);
-- Never two open proposals for one cell, whoever races.
create unique index scaling_proposals_open on stamps.scaling_proposals (cell) where state in ('open', 'snoozed', 'proposed');

create table stamps.scaling_looks (
  -- End of the newest window that was looked at.
  at timestamptz primary key
);
`;
