import { z } from 'zod';
import { databaseNow, type Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { digest, incidentCardKey, wantMessage } from '../engine/messages.ts';
import { isOpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Graph } from '../ports/incident-presenter.ts';
import type { IncidentDeskContext } from './incident-context.ts';
import { priorityOf, tellIncident } from './incident-notices.ts';
import { getIncident } from './incident-store.ts';
import { graphOf, type MetricGraphs } from './metric-graphs.ts';
import { readPostmortem } from './read-postmortem.ts';

const kind = 'postmortem';
/** How far Slack's clock may be behind the database's. */
const skewMs = 60_000;

/** For pictures of how it went; then the one that the card shows must do. */
const graphsWithinMs = 12_000;

const args = z.object({ incident: z.string(), since: z.string() });
const graph = z.object({ fileId: z.string(), altText: z.string() });
const found = z.object({ url: z.string().optional(), graphs: z.array(graph).default([]) });

export interface PublishParts extends IncidentDeskContext {
  readonly chat: Pick<
    ChatPort,
    'findCanvases' | 'createCanvas' | 'shareCanvas' | 'fileAddress' | 'hasUploaded' | 'upload'
  >;
  readonly graphs: Pick<MetricGraphs, 'whole'>;
  readonly clock: Clock;
}

/** The document is wanted, once for the key of its request, in the caller's transaction; false: it was before. */
export async function wantPostmortem(tx: Queries, incident: string, key: string): Promise<boolean> {
  const name = `postmortem/${incident}/${key}`;
  if ((await tx.query('select 1 from stamps.effects where key = $1', [name])).length > 0) return false;
  const since = new Date(Date.parse(await databaseNow(tx)) - skewMs).toISOString();
  await wantEffect(tx, { key: name, stream: name, kind, args: { incident, since } });
  return true;
}

/**
 * Makes the document: a canvas, or where the workspace has none a file in the incident's thread. The canvas is kept by
 * its request, the file named after it, and both are looked for in Slack before they are made, so that a lost answer
 * makes one. The link comes to the thread.
 */
export function createPostmortemEffect(parts: PublishParts): Record<string, EffectHandler> {
  const { database, chat, presenter, clock } = parts;

  async function canvasOf(key: string, title: string, since: string, markdown: string): Promise<string> {
    const [kept] = await database.query<{ canvas_id: string }>(
      'select canvas_id from stamps.postmortems where key = $1',
      [key],
    );
    if (kept) return kept.canvas_id;
    const id = (await lostCanvas(title, since)) ?? (await chat.createCanvas(title, markdown));
    await database.query(
      'insert into stamps.postmortems (key, canvas_id) values ($1, $2) on conflict (key) do nothing',
      [key, id],
    );
    return id;
  }

  /** One that was made and of which nobody knows: its answer was lost. */
  async function lostCanvas(title: string, since: string): Promise<string | undefined> {
    const there = await chat.findCanvases(title, since);
    const known = await database.query<{ canvas_id: string }>(
      'select canvas_id from stamps.postmortems where canvas_id = any($1)',
      [there],
    );
    return there.find((id) => !known.some(({ canvas_id }) => canvas_id === id));
  }

  /** As it went until now; else as the card shows it. */
  async function graphsOf(incident: string): Promise<Graph[]> {
    const over = new AbortController();
    const late = clock.sleep(graphsWithinMs, over.signal).catch(() => undefined);
    const whole = await Promise.race([parts.graphs.whole(incident), late]);
    over.abort();
    if (whole && whole.length > 0) return whole;
    const kept = await graphOf(database, incident);
    return kept ? [kept] : [];
  }

  /** Its address is only missing when Slack has lost the file: then there are its words. */
  async function addressed({ fileId, altText }: Graph): Promise<{ altText: string; address?: string | undefined }> {
    const address = await chat.fileAddress(fileId).catch((error: unknown) => {
      if (isOpsError(error, 'not-found')) return undefined;
      throw error;
    });
    return { altText, address };
  }

  const publish: EffectHandler = {
    async perform(given, key) {
      const { incident, since } = args.parse(given);
      const graphs = await graphsOf(incident);
      const shown = await Promise.all(graphs.map(addressed));
      const { title, markdown, place } = await readPostmortem(parts, incident, shown);
      try {
        const id = await canvasOf(key, title, since, markdown);
        return { says: 'It is a canvas.', found: { url: await chat.shareCanvas(id, place.channel) } };
      } catch (error) {
        if (!isOpsError(error) || error.transient) throw error;
        const name = `postmortem-${incident}-${digest(key)}.md`;
        if (!(await chat.hasUploaded(name, since))) await chat.upload(place, { name, title, text: markdown });
        return { says: 'It is a file.', found: { graphs: graphs.map((each) => ({ ...each })) } };
      }
    },
    async tell(tx, given, key, outcome) {
      const incident = await getIncident(tx, args.parse(given).incident);
      if (!outcome.done) {
        return tellIncident(parts, tx, incident, key, [`The post-mortem could not be made: ${outcome.says}`]);
      }
      const card = incidentCardKey(incident.id);
      await wantMessage(tx, {
        key: `${card}:${key}`,
        channel: incident.channel,
        threadOf: card,
        priority: priorityOf(incident),
        content: presenter.postmortemMade(incident, found.parse(outcome.found ?? {})),
      });
    },
  };
  return { [kind]: publish };
}
