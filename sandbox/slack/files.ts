import { botUserId } from './seed.ts';
import { type Answer, type Args, json, refuse, text } from './web-args.ts';
import type { Workspace } from './workspace.ts';

/**
 * Slack's files: an upload in three steps (docs.slack.dev/messaging/working-with-files), which Slack finishes a moment
 * after it has answered: until then a file has no type, and a block that shows it is refused (the maintainers, in
 * slackapi/slack-github-action#413 and slackapi/java-slack-sdk#1349). A file that is shared nowhere is its uploader's.
 * In a block: an id or an address, not both; an image; one that the poster may see
 * (docs.slack.dev/reference/block-kit/composition-objects/slack-file-object).
 */
interface Around {
  readonly workspace: Workspace;
  readonly now: () => number;
  readonly origin: () => string;
}

/** Slack says “a few moments”. */
const processingMs = 150;
/** slackapi/python-slack-sdk#1521 quotes Slack's own pattern. */
const fileId = /^[F][A-Z0-9]{8,}$/;
const shownTypes = ['image/png', 'image/jpeg', 'image/gif'];
const altTextLength = 1_000;

export function uploadUrl(args: Args, { workspace, origin }: Around): Answer {
  if (text(args.filename) === '' || !(Number(args.length) > 0)) return refuse('invalid_arguments');
  if (text(args.alt_txt).length > altTextLength) return refuse('invalid_arguments');
  const id = workspace.newId('F');
  const name = text(args.filename);
  workspace.files.set(id, { name, altText: text(args.alt_txt), title: name, bytes: Buffer.alloc(0) });
  return { ok: true, upload_url: `${origin()}/upload/${id}`, file_id: id };
}

export function completeUpload(args: Args, { workspace, now }: Around): Answer {
  const wanted = (json(args.files) as { id: string; title?: string }[] | undefined) ?? [];
  const channel = text(args.channel_id);
  if (channel !== '' && !workspace.channels.has(channel)) return refuse('channel_not_found');
  if (wanted.length === 0) return refuse('invalid_arguments');
  const found = wanted.flatMap(({ id, title }) => {
    const file = workspace.files.get(id);
    return file && file.bytes.length > 0 ? [{ id, file, title: title ?? file.name }] : [];
  });
  if (found.length < wanted.length) return refuse('file_not_found');
  for (const { file, title } of found) Object.assign(file, { title, completedAt: now() });
  const threadTs = text(args.thread_ts);
  if (channel !== '') {
    workspace.add(channel, {
      userId: botUserId,
      text: '',
      files: found.map(({ id, file: { name, title, bytes } }) => ({
        id,
        name,
        title,
        type: typeOf(bytes),
        size: bytes.length,
        text: typeOf(bytes).startsWith('text/') ? bytes.toString('utf8') : '',
      })),
      ...(threadTs === '' ? {} : { threadTs }),
    });
  }
  return { ok: true, files: found.map(({ id, title }) => ({ id, title })) };
}

export function fileInfo(args: Args, { workspace, now, origin }: Around): Answer {
  const id = text(args.file);
  const file = workspace.files.get(id);
  if (file?.completedAt === undefined) return refuse('file_not_found');
  const { name, title, bytes, altText, completedAt } = file;
  const mimetype = now() - completedAt < processingMs ? '' : typeOf(bytes);
  const permalink = `${origin()}/files/${botUserId}/${id}/${encodeURIComponent(name.toLowerCase())}`;
  return { ok: true, file: { id, name, title, alt_txt: altText, size: bytes.length, mimetype, permalink } };
}

/** What Slack says of the files that blocks show. */
export function fileFaults(blocks: unknown, workspace: Workspace, now: number): string[] {
  if (!Array.isArray(blocks)) return [];
  return (blocks as Args[]).flatMap((block, index) => {
    const shown = block.slack_file as { id?: string; url?: string } | undefined;
    if (block.type !== 'image' || !shown) return [];
    const at = `[json-pointer:/blocks/${index}/slack_file]`;
    if ((shown.id === undefined) === (shown.url === undefined)) return [`only one of id and url is allowed ${at}`];
    if (shown.id !== undefined && !fileId.test(shown.id))
      return [`input must match regex pattern: ${fileId.source} ${at}`];
    const file = workspace.files.get(shown.id ?? '');
    const ready = file?.completedAt !== undefined && now - file.completedAt >= processingMs;
    return ready && shownTypes.includes(typeOf(file.bytes)) ? [] : [`invalid slack file ${at}`];
  });
}

/** By the first bytes, as far as pictures and text go. */
export function typeOf(bytes: Uint8Array): string {
  const begins = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x47, 0x49, 0x46, 0x38)) return 'image/gif';
  return 'text/plain';
}
