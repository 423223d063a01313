import { botUserId } from './seed.ts';
import { type Answer, type Args, json, refuse, text } from './web-args.ts';
import type { Workspace } from './workspace.ts';

/**
 * Canvases: Markdown of at most 1 MiB; a workspace without a paid plan has none outside of a channel's tab; a canvas is a
 * file, which files.list shows to who made it (docs.slack.dev/reference/methods/canvases.create, /surfaces/canvases).
 * A picture of the workspace stands in it as `![…](permalink)`, alone in its paragraph (there, “Referencing an image” and
 * “Unfurl behavior”).
 */
interface Around {
  readonly workspace: Workspace;
  readonly now: () => number;
}

export function createCanvas(args: Args, { workspace, now }: Around): Answer {
  const content = json(args.document_content) as { type?: string; markdown?: string } | undefined;
  if (content !== undefined && content.type !== 'markdown') return refuse('invalid_arguments');
  if ((content?.markdown ?? '').length > 1_048_576) return refuse('canvas_creation_failed');
  if (!workspace.canvasesAllowed) return refuse('free_teams_cannot_create_non_tabbed_canvases');
  const id = workspace.newId('F0CANVAS');
  const canvas = { title: text(args.title), markdown: content?.markdown ?? '', channels: [], createdAt: now() };
  workspace.canvases.set(id, canvas);
  return { ok: true, canvas_id: id };
}

export function setCanvasAccess(args: Args, { workspace }: Around): Answer {
  const canvas = workspace.canvases.get(text(args.canvas_id));
  if (!canvas) return refuse('canvas_not_found');
  const channels = (json(args.channel_ids) as string[] | undefined) ?? [];
  if (channels.some((id) => !workspace.channels.has(id))) return refuse('channel_not_found');
  canvas.channels.push(...channels);
  return { ok: true };
}

/** Newest first, of one page; `user` and `ts_from` (seconds, inclusive) narrow it (docs.slack.dev/reference/methods/files.list). */
export function listFiles(args: Args, { workspace }: Around): Answer {
  const from = Number(args.ts_from ?? 0) * 1_000;
  const mine = args.user === undefined || args.user === botUserId;
  const canvases = [...workspace.canvases].map(([id, { title, createdAt }]) => ({
    at: createdAt,
    file: { id, title, user: botUserId, filetype: 'quip', mimetype: 'application/vnd.slack-docs' },
  }));
  const uploads = [...workspace.files].flatMap(([id, { name, title, completedAt }]) =>
    completedAt === undefined ? [] : [{ at: completedAt, file: { id, name, title, user: botUserId } }],
  );
  const found = [...canvases, ...uploads].filter(({ at }) => mine && at >= from).toSorted((a, b) => b.at - a.at);
  const count = Math.min(Number(args.count ?? 100), 1_000);
  const files = found.slice(0, count).map(({ at, file }) => ({ ...file, created: Math.floor(at / 1_000) }));
  return { ok: true, files, paging: { count, total: found.length, page: 1, pages: Math.ceil(found.length / count) } };
}

/** A canvas for a browser: headings, lines, and the files that are unfurled in it. */
export function canvasPage({ title, markdown }: { title: string; markdown: string }, origin: string): string {
  const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const inline = (words: string) => escaped(words).replace(/`([^`]*)`/g, '<code>$1</code>');
  const lines = markdown.split('\n').map((line) => {
    const [, alt = '', picture] = /^!\[([^\]]*)\]\((.+)\)$/.exec(line) ?? [];
    if (picture?.startsWith(`${origin}/files/`)) return `<p><img src="${escaped(picture)}" alt="${escaped(alt)}"></p>`;
    const [, marks = '', heading = ''] = /^(#{1,3}) (.*)$/.exec(line) ?? [];
    if (marks !== '') return `<h${marks.length}>${inline(heading)}</h${marks.length}>`;
    const item = /^- (?:\[ \] )?(.*)$/.exec(line)?.[1];
    if (item !== undefined) return `<li>${inline(item)}</li>`;
    return line === '' ? '' : `<p>${inline(line)}</p>`;
  });
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
li{margin-left:1.2rem}img{max-width:100%}code{background:color-mix(in srgb,currentColor 8%,transparent);padding:0 .2em}</style>
<body>${lines.join('\n')}</body>`;
}
