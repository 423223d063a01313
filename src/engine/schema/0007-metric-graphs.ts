/** The uploaded graph of the metric that an incident is about, drawn anew a few times while it lasts. */
export const metricGraphs = /* sql */ `
create table stamps.metric_graphs (
  incident_id text primary key references stamps.incidents (id),
  -- Slack's id of the uploaded picture; null: not drawn yet.
  file_id     text,
  alt_text    text,
  drawn_at    timestamptz,
  -- How often it was looked at: what comes next, and when.
  looks       integer not null default 0,
  next_at     timestamptz not null
);
`;
