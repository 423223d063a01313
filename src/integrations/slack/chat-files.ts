import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { ChatPort } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import { ownHosts, sendToSlack } from './send-to-slack.ts';
import { Done, type WebApi } from './web-api.ts';

const uploadTimeoutMs = 20_000;
/** Slack looks uploads over before it shows them: a second usually. It says so by the file's type, unknown before. */
const pictureReadyMs = [100, 200, 400, 800, 1_600, 3_200, 6_400];
/** Of a file's description; an image block has room for more (docs.slack.dev, files.getUploadURLExternal). */
const fileAltLength = 1_000;

const Ticket = z.object({ upload_url: z.url(), file_id: z.string() });
const FileInfo = z.object({ file: z.object({ mimetype: z.string().nullish() }) });

/** Files and pictures. */
export function createChatFiles(
  api: WebApi,
  apiUrl: string | undefined,
  clock: Clock,
): Pick<ChatPort, 'upload' | 'uploadPicture'> {
  /** Bytes to Slack's store, not yet a file that anybody sees. Answers with the file's id. */
  async function store(bytes: Uint8Array<ArrayBuffer>, name: string, altText?: string): Promise<string> {
    const { upload_url, file_id } = await api.bulk(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.length, ...(altText !== undefined && { alt_txt: altText }) },
      Ticket,
    );
    const hosts = [...ownHosts(apiUrl), 'files.slack.com'];
    await sendToSlack(upload_url, { method: 'POST', body: bytes }, uploadTimeoutMs, hosts);
    return file_id;
  }

  return {
    async upload(place, { name, title, text }) {
      const file_id = await store(Buffer.from(text, 'utf8'), name);
      await api.bulk(
        'files.completeUploadExternal',
        {
          files: [{ id: file_id, title }],
          channel_id: place.channel,
          ...(place.threadTs === undefined ? {} : { thread_ts: place.threadTs }),
        },
        Done,
      );
    },
    async uploadPicture({ name, title, altText, png }) {
      const id = await store(new Uint8Array(png), name, altText.slice(0, fileAltLength));
      await api.bulk('files.completeUploadExternal', { files: [{ id, title }] }, Done);
      for (const waitMs of pictureReadyMs) {
        const { file } = await api.bulk('files.info', { file: id }, FileInfo);
        if (file.mimetype?.startsWith('image/')) return id;
        await clock.sleep(waitMs);
      }
      throw new OpsError('timeout', 'Slack took too long to look over a picture.', { service: 'Slack' });
    },
  };
}
