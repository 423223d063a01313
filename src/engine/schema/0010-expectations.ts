/** What is to be expected of indicators, forecast ahead of whoever asks, and the cards of those that are out of it. */
export const expectations = /* sql */ `
create table stamps.kpi_outlooks (
  kpi           text not null,
  scope         text not null,
  claimed_until timestamptz not null,
  -- The end of the hours that it was made from.
  made_to       timestamptz,
  -- Whether there was enough to say something.
  known         boolean not null default false,
  -- The bound that is foreseen to be passed, when, and when at the earliest.
  bound         text check (bound in ('target', 'alert')),
  passes_at     timestamptz,
  earliest_at   timestamptz,
  primary key (kpi, scope)
);

-- The band of an hour, 99 of 100.
create table stamps.kpi_expected (
  kpi   text not null,
  scope text not null,
  -- The hour's beginning.
  at    timestamptz not null,
  value double precision not null,
  low   double precision not null,
  high  double precision not null,
  primary key (kpi, scope, at)
);
create index kpi_expected_at on stamps.kpi_expected (at);

create table stamps.anomalies (
  id            text primary key,
  kpi           text not null,
  scope         text not null,
  channel       text not null,
  opened_at     timestamptz not null default clock_timestamp(),
  -- The hour that was out last, and the one furthest out.
  last_hour     timestamptz not null,
  hours         integer not null,
  worst         jsonb not null,
  picture       jsonb,
  closed_at     timestamptz,
  snoozed_until timestamptz,
  snoozed_by    text
);
create unique index anomalies_open on stamps.anomalies (kpi, scope) where closed_at is null;
create index anomalies_opened on stamps.anomalies (opened_at);
`;
