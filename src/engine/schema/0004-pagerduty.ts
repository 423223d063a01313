/** What PagerDuty tells us, and pages that somebody sent to whom they chose. */
export const pagerDuty = /* sql */ `
-- Webhooks as they came. The event's id is under the signature, the webhook's is not: both stop a replay.
create table stamps.pager_news (
  seq         bigserial primary key,
  event_id    text not null unique,
  webhook_id  text not null unique,
  occurred_at timestamptz not null,
  news        jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  handled_at  timestamptz,
  outcome     text
);
create index pager_news_unhandled on stamps.pager_news (occurred_at) where handled_at is null;

create table stamps.direct_pages (
  id          text primary key,
  target      text not null,
  why         text not null,
  by_id       text not null,
  channel     text not null,
  incident_id text references stamps.incidents (id),
  -- wanted, waiting (PagerDuty did not take it yet), paged, failed, acknowledged, resolved
  state       text not null,
  says        text not null default '',
  link        text,
  touched_at  timestamptz not null default clock_timestamp()
);

create index effects_by_stream on stamps.effects (stream, seq);
`;
