import { statusUpdateModal } from '../blocks/status-update-modal.ts';
import type { StatusPurpose } from '../domain/status-update.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { StatusDesk } from '../ports/status-page.ts';

/** Opens the form with a draft, within the life of the trigger. `channel`: where its answer goes; `regions`: whose components are filled in, none for the incident's own. */
export async function openStatusUpdate(
  { statusPage, chat }: { readonly statusPage: StatusDesk; readonly chat: Pick<ChatPort, 'openView'> },
  from: { readonly triggerId: string; readonly channel: string },
  purpose: StatusPurpose,
  incidentId: string,
  regions: readonly string[] = [],
): Promise<undefined> {
  const draft = await statusPage.draft(purpose, incidentId, regions);
  await chat.openView(from.triggerId, statusUpdateModal(draft, from.channel));
  return undefined;
}
