import { correlate, lookingOrder } from '../domain/correlation.ts';
import { isSerious } from '../domain/evidence.ts';
import { type Severity, severities } from '../domain/severity.ts';
import { type Signal, whole } from '../domain/trouble.ts';
import { createTroubleBook } from '../domain/trouble-book.ts';
import type { Queries } from '../engine/database.ts';
import type { Change, Outcome, UnhandledAlert } from './decided.ts';
import type { IncidentContext } from './incident-context.ts';
import { type Looked, loadTroubles, type StoredTrouble } from './load-troubles.ts';
import { openSilences, silencing } from './silence-store.ts';
import { writeDecisions } from './write-decisions.ts';

/** So many that a storm needs few turns, so few that a click, or an alert that is more urgent, waits no longer than a moment. */
const batchSize = 250;

export interface BatchResult {
  /** How many alerts were looked at. */
  readonly looked: number;
  /** Incidents that are P0 or P1 as of now, or were opened as such: their cards can't wait. */
  readonly urgent: readonly string[];
}

/**
 * Looks at the most urgent alerts that nobody has looked at, and makes incidents of them, in the caller's transaction.
 * One at a time over all replicas; alerts of one urgency a turn, so that a P0 does not wait for what came with it.
 */
export async function correlateBatch(
  tx: Queries,
  context: IncidentContext,
  /** Only what is at least as urgent by its own evidence. */
  atLeast: Severity = 'P3',
): Promise<BatchResult> {
  const [lock] = await tx.query<{ mine: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('stamps.correlator')) as mine`,
  );
  if (!lock?.mine) return { looked: 0, urgent: [] };
  const alerts = await tx.query<UnhandledAlert>(
    `select seq, key, instance, condition, alert, spot, at, fired_at, received_at from stamps.alerts
     where handled_at is null and urgency = (select min(urgency) from stamps.alerts where handled_at is null)
       and urgency <= $2
     order by seq limit $1`,
    [batchSize, severities.indexOf(atLeast)],
  );
  if (alerts.length === 0) return { looked: 0, urgent: [] };

  const { channel, correlateWithinMs: withinMs } = context.policy.incidents;
  const ordered = inOrder(alerts, await knownEnds(tx, alerts));
  const loaded = ordered.length === 0 ? undefined : await loadTroubles(tx, lookedAt(ordered), withinMs);
  const troubles = createTroubleBook(withinMs, loaded?.values());
  const silences = await openSilences(tx);
  const changes = new Map<string, Change>();
  const outcomes: Outcome[] = [];
  let openedLately = await countOpenedLately(tx);
  let opened = 0;

  for (const { alert, signal } of ordered) {
    const overAt = signal.overAt === undefined ? {} : { overAt: new Date(signal.overAt).toISOString() };
    const silence = silencing(silences, alert.alert, alert.received_at);
    if (silence) {
      outcomes.push({ seq: alert.seq, outcome: `silenced by ${silence.id}`, silencedBy: silence.id, ...overAt });
      continue;
    }
    const decision = correlate(signal, troubles, { withinMs, openedLately });
    if (decision.do === 'open') {
      // Over before it was seen: there is nothing to do about it, and it is kept all the same.
      if (channel === undefined || signal.overAt !== undefined) {
        const outcome = channel === undefined ? 'the policy names no channel' : 'over before it was seen';
        outcomes.push({ seq: alert.seq, outcome, ...overAt });
        continue;
      }
      if (!decision.storm) openedLately += 1;
      opened += 1;
      const trouble = newTrouble(alert, decision.severity, decision.storm, opened);
      troubles.add(trouble);
      changes.set(trouble.id, changeOf(trouble, alert));
      take(trouble, alert, signal, decision.because);
      continue;
    }
    const trouble = troubles.get(decision.id) as StoredTrouble;
    const change = changes.get(trouble.id) ?? changeOf(trouble);
    changes.set(trouble.id, change);
    for (const id of decision.absorbs) swallow(trouble, change, id, decision.because);
    if (decision.reopens) {
      change.reopens = decision.because;
      trouble.over = false;
    }
    trouble.severity = decision.severity;
    take(trouble, alert, signal, decision.because);
  }

  const resolutions = alerts.filter(({ condition }) => condition === 'resolved');
  const urgent = await writeDecisions(tx, context, [...changes.values()], outcomes, resolutions);
  return { looked: alerts.length, urgent };

  function take(trouble: StoredTrouble, alert: UnhandledAlert, signal: Signal, because: string): void {
    troubles.learn(trouble, signal);
    const { place } = alert.alert;
    if (place.scope === 'cell') trouble.allCells.add(place.cell);
    changes.get(trouble.id)?.joined.push({ alert, because });
  }

  /** One that this very batch opened simply never was. */
  function swallow(trouble: StoredTrouble, change: Change, id: string, because: string): void {
    const gone = troubles.get(id) as StoredTrouble;
    troubles.absorb(trouble, gone);
    for (const cell of gone.allCells) trouble.allCells.add(cell);
    const itsChange = changes.get(id);
    change.joined.push(...(itsChange?.joined ?? []));
    change.absorbed.push(...(itsChange?.absorbed ?? []));
    if (itsChange?.openedBy === undefined) change.absorbed.push({ id, because });
    changes.delete(id);
  }
}

/** By which to find the incidents that they may belong to. */
function lookedAt(ordered: readonly { readonly signal: Signal }[]): Looked {
  const signals = ordered.map(({ signal }) => signal);
  const reach = signals.flatMap((signal) => {
    const { place } = signal;
    if (!isSerious(signal) || place.scope === 'unknown') return [];
    return [place.scope === 'global' ? whole : place.region];
  });
  return {
    spots: [...new Set(signals.map(({ spot }) => spot))],
    reach: [...new Set(reach)],
    from: Math.min(...signals.map(({ at }) => at)),
  };
}

function changeOf(trouble: StoredTrouble, openedBy?: UnhandledAlert): Change {
  const was = { severity: trouble.severity, place: trouble.place };
  return { trouble, joined: [], absorbed: [], was, ...(openedBy && { openedBy }) };
}

function newTrouble(
  alert: UnhandledAlert,
  severity: StoredTrouble['severity'],
  storm: boolean,
  n: number,
): StoredTrouble {
  return {
    id: `new ${alert.key}`,
    // Younger than all that have a number.
    number: Number.MAX_SAFE_INTEGER - 1_000_000 + n,
    title: '',
    severity,
    place: storm ? { scope: 'unknown' } : alert.alert.place,
    taken: false,
    byHand: false,
    declared: false,
    storm,
    over: false,
    spots: new Map(),
    reach: new Map(),
    cells: new Set(),
    allCells: new Set(),
  };
}

/** Fired alerts as correlation sees them, in the one order in which a batch is looked at. */
function inOrder(
  alerts: readonly UnhandledAlert[],
  ends: ReadonlyMap<string, { fired_at: string; at: string }[]>,
): { alert: UnhandledAlert; signal: Signal }[] {
  return alerts
    .filter(({ condition }) => condition === 'fired')
    .map((alert) => {
      const end = ends.get(alert.instance)?.find(({ fired_at }) => fired_at >= alert.fired_at);
      const at = Date.parse(alert.at);
      const { rule, place, azureSeverity } = alert.alert;
      const signal: Signal = {
        key: alert.key,
        rule,
        place,
        spot: alert.spot,
        azureSeverity,
        at,
        ...(end && { overAt: Math.max(at, Date.parse(end.at)) }),
      };
      return { alert, signal };
    })
    .sort((a, b) => lookingOrder(a.signal, b.signal));
}

/** Resolutions that are here before anybody looked at their alert: Azure's deliveries overtake each other. */
async function knownEnds(
  tx: Queries,
  alerts: readonly UnhandledAlert[],
): Promise<Map<string, { fired_at: string; at: string }[]>> {
  const rows = await tx.query<{ instance: string; fired_at: string; at: string }>(
    `select instance, fired_at, at from stamps.alerts
     where instance = any($1) and condition = 'resolved' order by fired_at`,
    [alerts.map(({ instance }) => instance)],
  );
  const ends = new Map<string, { fired_at: string; at: string }[]>();
  for (const { instance, ...end } of rows) ends.set(instance, [...(ends.get(instance) ?? []), end]);
  return ends;
}

async function countOpenedLately(tx: Queries): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(*) as n from stamps.incidents
     where declared_by is null and not storm and detected_at > clock_timestamp() - interval '1 minute'`,
  );
  return row?.n ?? 0;
}
