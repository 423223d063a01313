import { homeView } from '../blocks/home-view.ts';
import { mayAskFor } from '../commands/may.ts';
import { readEstateStatus } from '../commands/read-estate-status.ts';
import type { HomeContext } from './interaction.ts';

/** Slack shows the old Home meanwhile; live figures that take longer are shown as not known. */
const deadlineMs = 4_000;

export async function publishHome(context: HomeContext): Promise<void> {
  const { operations, member, policy, estate, azure, clock, chat, homeChannel } = context;
  const sources = { estate, operations, clock, ...(azure && { azure }) };
  const [awaiting, status] = await Promise.all([
    operations.awaiting(member),
    readEstateStatus(sources, estate.cells, { deadlineMs, traffic: false }),
  ]);
  const mayIsolate = homeChannel !== undefined && mayAskFor('isolate-cell')(member, policy);
  const readAt = new Date(clock.now()).toISOString();
  await chat.publishHome(member.id, homeView({ awaiting, status, mayIsolate, readAt }));
}
