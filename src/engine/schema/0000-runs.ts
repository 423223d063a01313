/** Runs with their plans, steps, undo, decisions, locks and leases; inbox, outbox and the audit chain. */
export const runs = /* sql */ `
create table stamps.settings (key text primary key, value jsonb not null);

create table stamps.replicas (
  executor_id   text primary key,
  host          text not null,
  pid           integer not null,
  lease_until   timestamptz not null,
  taken_over_by text
);

create sequence stamps.run_number;
create table stamps.runs (
  id                  text primary key,
  number              bigint not null unique,
  request_key         text not null unique,
  playbook            text not null,
  input               jsonb not null,
  plan                jsonb not null,
  plan_hash           text not null,
  state               text not null,
  state_reason        text not null default '',
  requester_id        text not null,
  channel             text not null,
  target_cell         text,
  checks              jsonb not null,
  undoes              text references stamps.runs (id),
  break_glass         jsonb,
  cancel_requested_by text,
  requested_at        timestamptz not null,
  expires_at          timestamptz not null,
  reminded_at         timestamptz,
  finished_at         timestamptz,
  touched_at          timestamptz not null default now(),
  attempt             integer not null default 0,
  -- How often a process began or resumed this attempt: one that kills its process is parked.
  starts              integer not null default 0,
  replans             integer not null default 0,
  owner               text
);
-- One open run a cell: a second one is told about the first.
create unique index runs_one_open_per_cell on stamps.runs (target_cell)
  where state in ('waiting', 'queued', 'running', 'stopped') and undoes is null;
create index runs_open on stamps.runs (state) where finished_at is null;

create table stamps.steps (
  run_id  text not null references stamps.runs (id),
  step_id text not null,
  attempt integer not null,
  report  jsonb not null,
  primary key (run_id, step_id)
);

-- The way back, recorded before each write: what was really found there.
create table stamps.undo (
  run_id      text not null references stamps.runs (id),
  position    bigserial,
  step_id     text not null,
  kind        text not null,
  resource_id text not null,
  before      jsonb,
  after       jsonb,
  operation   text,
  primary key (run_id, kind, resource_id)
);

create table stamps.decisions (
  run_id    text not null references stamps.runs (id),
  plan_hash text not null,
  person_id text not null,
  verdict   text not null,
  groups    text[] not null,
  at        timestamptz not null,
  primary key (run_id, plan_hash, person_id)
);

create table stamps.locks (
  seq      bigserial unique,
  resource text not null,
  run_id   text not null references stamps.runs (id),
  primary key (resource, run_id)
);

create table stamps.leases (
  subject     text primary key,
  until       timestamptz not null,
  on_expiry   text not null,
  run_id      text not null references stamps.runs (id),
  reason      text not null,
  reminded_at timestamptz,
  ended_at    timestamptz
);

create table stamps.inbox (
  key           text primary key,
  incoming      jsonb not null,
  received_at   timestamptz not null default now(),
  claimed_until timestamptz not null,
  attempts      integer not null default 1,
  done_at       timestamptz
);
create index inbox_open on stamps.inbox (claimed_until) where done_at is null;

create table stamps.messages (
  key           text primary key,
  seq           bigserial,
  channel       text not null,
  thread_of     text,
  priority      integer not null default 1,
  content       jsonb not null,
  version       integer not null default 1,
  shown_version integer not null default 0,
  ts            text,
  attempted     boolean not null default false,
  next_at       timestamptz not null default now(),
  claimed_until timestamptz,
  failures      integer not null default 0,
  last_error    text,
  rendered_at   timestamptz not null default now()
);
create index messages_due on stamps.messages (next_at) where shown_version < version;
create index messages_by_ts on stamps.messages (channel, ts);
create table stamps.channel_slots (channel text primary key, next_at timestamptz not null);

create table stamps.audit (
  seq    bigint primary key,
  key    text unique,
  at     timestamptz not null,
  kind   text not null,
  run_id text,
  actor  text not null,
  body   jsonb not null,
  prev   text not null,
  hash   text not null
);
create table stamps.audit_head (single boolean primary key default true check (single), seq bigint not null, hash text not null);
insert into stamps.audit_head (seq, hash) values (0, repeat('0', 64));
`;
