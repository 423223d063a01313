/** Hours before the first snapshot, or in which none was taken, that are read from Azure afterwards. */
export const kpiPast = /* sql */ `
create table stamps.kpi_past_hours (
  -- The hour's beginning.
  at            timestamptz primary key,
  claimed_until timestamptz not null,
  claimed_by    text not null,
  attempts      integer not null default 1,
  done_at       timestamptz
);
`;
