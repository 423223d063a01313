/** Alerts as they came, incidents with their timelines, silences, and effects that must reach the outside. */
export const incidents = /* sql */ `
create sequence stamps.incident_number;
create table stamps.incidents (
  id              text primary key,
  number          bigint not null unique,
  -- The key of the alert or request that opened it: a repeat opens nothing.
  request_key     text not null unique,
  title           text not null,
  state           text not null,
  severity        text not null,
  severity_by     text not null,
  place           jsonb not null,
  cells           text[] not null default '{}',
  channel         text not null,
  own_channel     text,
  declared_by     text,
  started_at      timestamptz not null,
  detected_at     timestamptz not null default clock_timestamp(),
  severity_at     timestamptz not null default clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  mitigated_at    timestamptz,
  resolved_at     timestamptz,
  resolved_by     text,
  assignee_id     text,
  merged_into     text references stamps.incidents (id),
  escalation      integer not null default 0,
  reminded_at     timestamptz,
  hurt            jsonb,
  -- What changed there before it, newest first: [{at, says}]; when that was read last.
  lately          jsonb,
  lately_at       timestamptz,
  status_page_id  text,
  -- It holds what had no room for a card of its own in a storm.
  storm           boolean not null default false,
  -- Since when the registry has to be asked anew who is hurt; null: it was.
  hurt_stale_at   timestamptz default clock_timestamp(),
  -- Since when its card lacks an alert that can wait a moment; null: it does not.
  unseen_since    timestamptz,
  -- When people were asked to resolve it, its alerts being over; null: they were not.
  calm_told_at    timestamptz,
  touched_at      timestamptz not null default clock_timestamp()
);
create index incidents_unseen on stamps.incidents (unseen_since) where unseen_since is not null;
create index incidents_open on stamps.incidents (number) where state in ('open', 'acknowledged');
create index incidents_touched on stamps.incidents (touched_at);
-- An incident's card shows the runs on its cells.
create index runs_by_cell on stamps.runs (target_cell, touched_at);

create table stamps.alerts (
  seq           bigserial primary key,
  key           text not null unique,
  instance      text not null,
  condition     text not null,
  place         jsonb not null,
  fired_at      timestamptz not null,
  -- 0 (P0) to 3 (P3), by the evidence of this alert alone: the most urgent is looked at first.
  urgency       smallint not null,
  -- What it is about, as correlation compares it; Sev0-2; when it fired, as far as its sender's clock can be believed.
  spot          text not null,
  serious       boolean not null,
  at            timestamptz not null,
  -- When it was over; null: it lasts.
  over_at       timestamptz,
  alert         jsonb not null,
  received_at   timestamptz not null default clock_timestamp(),
  -- Null: nobody has looked at it yet.
  handled_at    timestamptz,
  -- Null with handled_at: it belongs to no incident, and outcome says why (silenced, resolved before fired, …).
  incident_id   text references stamps.incidents (id),
  outcome       text,
  silenced_by   text,
  -- A person put it there: correlation leaves it alone.
  placed_by     text
);
create index alerts_unhandled on stamps.alerts (urgency, seq) where handled_at is null;
create index alerts_by_incident on stamps.alerts (incident_id, seq);
create index alerts_silenced on stamps.alerts (silenced_by) where silenced_by is not null;
create index alerts_by_instance on stamps.alerts (instance);

create table stamps.timeline (
  seq         bigserial primary key,
  incident_id text not null references stamps.incidents (id),
  -- The same thing again under the same key is one line.
  key         text unique,
  at          timestamptz not null default clock_timestamp(),
  kind        text not null,
  actor       text not null,
  says        text not null
);
create index timeline_by_incident on stamps.timeline (incident_id, at);

create sequence stamps.silence_number;
create table stamps.silences (
  id          text primary key,
  request_key text not null unique,
  -- What is kept silent: {cell?, region?, rule?}; all that is given must hold.
  match       jsonb not null,
  reason      text not null,
  created_by  text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null check (ends_at > starts_at),
  channel     text not null,
  began_at    timestamptz,
  warned_at   timestamptz,
  ended_at    timestamptz,
  ended_by    text,
  -- Of the last request that made it longer: the same again changes nothing.
  extended_by_key text
);
create index silences_live on stamps.silences (ends_at) where ended_at is null;

-- Effects on the outside that must happen in order within a stream, and once: PagerDuty events, status page posts, channels.
create table stamps.effects (
  seq           bigserial primary key,
  key           text not null unique,
  stream        text not null,
  kind          text not null,
  args          jsonb not null,
  next_at       timestamptz not null default clock_timestamp(),
  claimed_until timestamptz,
  failures      integer not null default 0,
  last_error    text,
  done_at       timestamptz,
  outcome       text
);
create index effects_due on stamps.effects (next_at) where done_at is null;
`;
