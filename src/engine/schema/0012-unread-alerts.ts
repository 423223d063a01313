/** Posted alerts that could not be read, as they came: whoever mends their sender, or the schema, needs them. */
export const unreadAlerts = /* sql */ `
create table stamps.unread_alerts (
  number bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  poster text not null,
  says text not null,
  bytes int not null,
  body text not null
);
create index unread_alerts_alike on stamps.unread_alerts (poster, says, at desc);
`;
