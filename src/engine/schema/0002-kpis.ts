/** Indicators: who takes which snapshot, the samples, and what is kept of them by the hour and by the day. */
export const kpis = /* sql */ `
create table stamps.kpi_slots (
  -- The end of the window that is measured.
  at            timestamptz primary key,
  claimed_until timestamptz not null,
  claimed_by    text not null,
  done_at       timestamptz
);

create table stamps.kpi_samples (
  kpi    text not null,
  -- 'global' or 'cell/<name>'.
  scope  text not null,
  at     timestamptz not null,
  -- Null: not known, and reason says why.
  value  double precision,
  good   double precision,
  total  double precision,
  met    boolean,
  of     text,
  reason text,
  primary key (kpi, scope, at),
  check ((value is null) = (reason is not null))
);
create index kpi_samples_at on stamps.kpi_samples (at);

create table stamps.kpi_rollups (
  grain   text not null check (grain in ('hour', 'day')),
  kpi     text not null,
  scope   text not null,
  at      timestamptz not null,
  windows integer not null,
  -- Windows with a value; of those, that met the target.
  known   integer not null,
  met     integer not null,
  mean    double precision,
  least   double precision,
  most    double precision,
  good    double precision,
  total   double precision,
  primary key (grain, kpi, scope, at)
);
create index kpi_rollups_at on stamps.kpi_rollups (grain, at);
`;
