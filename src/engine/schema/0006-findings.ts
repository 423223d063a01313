/** What maintenance found, and what people said of it; and who might do what, month by month. */
export const findings = /* sql */ `
create table stamps.findings (
  -- A short name of the thing found, the same as long as it is found.
  key           text primary key,
  finding       jsonb not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at  timestamptz not null default clock_timestamp(),
  snoozed_until timestamptz,
  snoozed_by    text,
  assignee_id   text
);

create table stamps.access_reviews (
  -- One a day and subscription is kept.
  day             date not null,
  subscription_id text not null,
  grants          jsonb not null,
  primary key (day, subscription_id)
);
`;
