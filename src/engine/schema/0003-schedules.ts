/** What happens by the calendar: each schedule since when, each of its occurrences once. */
export const schedules = /* sql */ `
create table stamps.schedules (
  -- Name, pattern and zone: another pattern is another schedule, which owes nothing for the time before it.
  key   text primary key,
  since timestamptz not null
);

create table stamps.occurrences (
  schedule      text not null references stamps.schedules (key),
  due_at        timestamptz not null,
  claimed_until timestamptz not null,
  done_at       timestamptz,
  failures      integer not null default 0,
  last_error    text,
  primary key (schedule, due_at)
);
`;
