import { OpsError } from '../../../src/errors.ts';
import type { ChatPort, MessageContent, MessagePlace } from '../../../src/ports/chat.ts';
import { faultsOfMessage, faultsOfView } from '../block-limits.ts';

/** What people would have seen, in order. Like Slack, it refuses what passes a limit. */
export type Shown =
  | { readonly how: 'respond'; readonly url: string; readonly content: MessageContent }
  | { readonly how: 'whisper'; readonly place: MessagePlace; readonly to: string; readonly content: MessageContent }
  | { readonly how: 'post'; readonly place: MessagePlace; readonly key: string; readonly content: MessageContent }
  | { readonly how: 'view'; readonly triggerId: string; readonly view: object }
  | { readonly how: 'home'; readonly to: string; readonly view: object }
  | { readonly how: 'picture'; readonly altText: string; readonly png: Uint8Array }
  | {
      readonly how: 'file';
      readonly place: MessagePlace;
      readonly file: { name: string; title: string; text: string };
    };

export function createFakeChat() {
  const shown: Shown[] = [];
  const failures = new Map<keyof ChatPort, Error>();
  const failing = (method: keyof ChatPort) => {
    const failure = failures.get(method);
    if (failure) throw failure;
  };
  const allowed = (faults: string[]) => {
    if (faults.length > 0)
      throw new OpsError('bad-input', `invalid_blocks: ${faults.join('; ')}`, { service: 'Slack' });
  };
  const notHere = () => Promise.reject(new Error('commands and interactions do not use this'));

  const chat: ChatPort = {
    async post(place, key, content) {
      failing('post');
      allowed(faultsOfMessage(content));
      shown.push({ how: 'post', place, key, content });
      return '1.1';
    },
    async upload(place, file) {
      failing('upload');
      shown.push({ how: 'file', place, file });
    },
    async uploadPicture({ altText, png }) {
      failing('uploadPicture');
      shown.push({ how: 'picture', altText, png });
      return `FPICTURE${shown.length}`;
    },
    async whisper(place, to, content) {
      failing('whisper');
      allowed(faultsOfMessage(content));
      shown.push({ how: 'whisper', place, to, content });
    },
    async respond(url, content) {
      failing('respond');
      allowed(faultsOfMessage(content));
      shown.push({ how: 'respond', url, content });
    },
    async openView(triggerId, view) {
      failing('openView');
      allowed(faultsOfView(view));
      shown.push({ how: 'view', triggerId, view });
    },
    async updateView(viewId, view) {
      failing('updateView');
      allowed(faultsOfView(view));
      shown.push({ how: 'view', triggerId: viewId, view });
    },
    async publishHome(to, view) {
      failing('publishHome');
      allowed(faultsOfView(view));
      shown.push({ how: 'home', to, view });
    },
    async directChannel(personId) {
      failing('directChannel');
      return `D${personId}`;
    },
    update: notHere,
    findByKey: notHere,
    person: notHere,
    idByEmail: notHere,
    emailOf: async (personId) => `${personId.replace('U0', '').toLowerCase()}@stamps.example`,
    groupMembers: notHere,
    hasUploaded: notHere,
    findCanvases: notHere,
    createCanvas: notHere,
    shareCanvas: notHere,
    fileAddress: notHere,
    createChannel: notHere,
    invite: notHere,
    archiveChannel: notHere,
    setTopic: notHere,
    ping: notHere,
  };
  return { chat, shown, failures };
}
