/** Canvases that were made, by the effect that made them: a repeat shares that one. */
export const postmortems = /* sql */ `
create table stamps.postmortems (
  key       text primary key references stamps.effects (key) on delete cascade,
  canvas_id text not null,
  made_at   timestamptz not null default clock_timestamp()
);
`;
