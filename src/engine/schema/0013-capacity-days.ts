/** Days (UTC) whose capacity figures are read from Azure, or were; the figures are rows of kpi_rollups by the day. */
export const capacityDays = /* sql */ `
create table stamps.capacity_days (
  -- The day's beginning.
  at            timestamptz primary key,
  claimed_until timestamptz not null,
  claimed_by    text not null,
  attempts      integer not null default 1,
  done_at       timestamptz
);
`;
