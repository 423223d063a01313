import { z } from 'zod';
import type { ChatPort } from '../../ports/chat.ts';
import { Done, type WebApi } from './web-api.ts';

/** More than the app makes between a file and a look for it. */
const filesListed = 200;

const Canvas = z.object({ canvas_id: z.string().regex(/^[A-Z0-9]+$/) });
const Workspace = z.object({ url: z.url(), team_id: z.string().regex(/^[A-Z0-9]+$/) });
const Ourselves = z.object({ user_id: z.string() });
const File = z.object({
  id: z.string(),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
});
const Files = z.object({ files: z.array(File).default([]) });
const Shown = z.object({ file: z.object({ permalink: z.url().nullish() }) });

/** Canvases, and where files are and are seen (docs.slack.dev/surfaces/canvases). A canvas is a file of its own type. */
export function createChatCanvases({
  bulk,
}: WebApi): Pick<ChatPort, 'hasUploaded' | 'findCanvases' | 'createCanvas' | 'shareCanvas' | 'fileAddress'> {
  /** Our own, newest first. */
  async function filesSince(since: string): Promise<z.output<typeof File>[]> {
    const { user_id } = await bulk('auth.test', {}, Ourselves);
    const from = Math.floor(Date.parse(since) / 1_000);
    const asked = { user: user_id, ts_from: String(from), count: filesListed };
    return (await bulk('files.list', asked, Files)).files;
  }

  return {
    async hasUploaded(name, since) {
      return (await filesSince(since)).some((file) => file.name === name);
    },
    async findCanvases(title, since) {
      const ours = (await filesSince(since)).filter(
        (file) => file.title === title && file.mimetype === 'application/vnd.slack-docs',
      );
      return ours.map(({ id }) => id);
    },
    async createCanvas(title, markdown) {
      const content = { title, document_content: { type: 'markdown', markdown } };
      return (await bulk('canvases.create', content, Canvas)).canvas_id;
    },
    async shareCanvas(canvasId, channel) {
      const { url, team_id } = await bulk('auth.test', {}, Workspace);
      const access = { canvas_id: canvasId, access_level: 'read', channel_ids: [channel] };
      await bulk('canvases.access.set', access, Done);
      return new URL(`docs/${team_id}/${canvasId}`, url).href;
    },
    async fileAddress(fileId) {
      const { file } = await bulk('files.info', { file: fileId }, Shown);
      return file.permalink ?? undefined;
    },
  };
}
