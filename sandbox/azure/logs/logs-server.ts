/**
 * Log Analytics: POST /v1/workspaces/{id}/query. Rules kept (learn.microsoft.com, “Azure Monitor Log Analytics API”:
 * request format, timeouts, errors; “Azure Monitor service limits”): token for api.loganalytics.io (401), an unknown
 * workspace (404), JSON or an empty 200, `timespan` of two times or a duration, five queries of one user at once and
 * 200 more in line, 429 beyond, `Prefer: wait=N` and 504 when a query takes longer, errors with their inner errors
 * (SyntaxError, SemanticError with SEM0100), partial answers as a 200 with `error`. NaN is text. Logs come late: a
 * minute after two minutes. Not kept: bytes and rows of an answer, batches, resource-centric queries.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Identity } from '../identity.ts';
import type { Call, Handler, Reply } from '../json-server.ts';
import { minuteMs, type RequestHistory } from '../telemetry/request-history.ts';
import { workspaceId } from '../telemetry/resources.ts';
import { type LogResult, runKqlCalmly } from './kql-run.ts';
import { SemanticFault } from './kql-types.ts';
import type { LogFaults } from './log-faults.ts';
import { logTables } from './log-tables.ts';

const audience = 'https://api.loganalytics.io';
const atOnce = 5;
const mostInLine = 200;
/** From a request to its row in the workspace. */
const lateMs = 2 * minuteMs;
const defaultWaitSeconds = 180;
const mostWaitSeconds = 600;

export interface LogsWorld {
  readonly history: RequestHistory;
  readonly identity: Identity;
  readonly faults: LogFaults;
  now(): number;
  /** Brings the history up to date. */
  settle(): void;
}

const bodySchema = z.looseObject({ query: z.string(), timespan: z.string().optional() });

export function createLogsHandler(world: LogsWorld): Handler {
  let busy = 0;
  const line: (() => void)[] = [];

  return async (call) => {
    const refusal = refuse(world, call);
    if (refusal) return refusal;
    const { data } = bodySchema.safeParse(call.body);
    // “POST lacking JSON or Content-Type returns an empty 200.”
    if (!data || !/^application\/json/i.test(call.headers['content-type'] ?? '')) return { status: 200 };
    if (busy >= atOnce && line.length >= mostInLine) return fault(429, 'ThrottledError', 'The request was throttled.');
    if (busy >= atOnce) await new Promise<void>((go) => line.push(go));
    else busy += 1;
    try {
      return await answer(world, call, data);
    } finally {
      const next = line.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}

function refuse({ identity }: LogsWorld, { method, url, headers, origin }: Call): Reply | undefined {
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const problem = identity.check(token, [audience, origin]);
  if (problem) return fault(401, 'InvalidTokenError', problem.message, undefined, { 'www-authenticate': 'Bearer' });
  const workspace = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(url.pathname)?.[1];
  if (method !== 'POST' || workspace === undefined)
    return fault(404, 'PathNotFoundError', 'The requested path does not exist');
  if (workspace.toLowerCase() !== workspaceId)
    return fault(404, 'WorkspaceNotFoundError', `The workspace ${workspace} could not be found`);
  return undefined;
}

async function answer(world: LogsWorld, call: Call, { query, timespan }: z.output<typeof bodySchema>): Promise<Reply> {
  const broken = world.faults.next(query);
  if (broken === 'throttled')
    return fault(429, 'ThrottledError', 'The request was throttled.', undefined, { 'retry-after': '30' });
  const waitMs = 1000 * Math.min(waitOf(call) ?? defaultWaitSeconds, mostWaitSeconds);
  const tookMs = world.faults.latencyMs;
  if (tookMs > 0) await sleep(Math.min(tookMs, waitMs));
  if (broken === 'timeout' || tookMs > waitMs)
    return fault(504, 'GatewayTimeout', 'The gateway did not receive a response in time.');

  world.settle();
  const now = world.now();
  const window = windowOf(timespan, now);
  if (!window) return bad('BadArgumentError', 'The timespan is not valid');
  const minutes = world.history.minutes(window.from, window.to, now - lateMs);
  const seen = broken === 'partial' ? minutes.slice(0, Math.ceil(minutes.length / 2)) : minutes;
  const tables = new Map([...logTables(() => seen)].filter(([name]) => !world.faults.missing.has(name)));
  try {
    const body = tabled(await runKqlCalmly(query, tables));
    const error = { code: 'PartialError', message: 'There were some errors when processing your query.' };
    return { status: 200, body: broken === 'partial' ? { ...body, error } : body };
  } catch (error) {
    if (error instanceof SemanticFault)
      return bad('SemanticError', 'A semantic error occurred.', { code: 'SEM0100', message: error.message });
    if (error instanceof SyntaxError)
      return bad('SyntaxError', 'A recognition error occurred in the query.', {
        code: 'SYN0002',
        message: error.message,
      });
    throw error;
  }
}

function tabled({ columns, rows }: LogResult) {
  const said = (value: unknown) =>
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : typeof value === 'object' && value !== null
          ? JSON.stringify(value)
          : value;
  return { tables: [{ name: 'PrimaryResult', columns, rows: rows.map((row) => row.map(said)) }] };
}

/** `wait=8` of `Prefer: wait=8,include-statistics=true`. */
function waitOf({ headers }: Call): number | undefined {
  const wait = /(?:^|[,;\s])wait=(\d+)/.exec(String(headers.prefer ?? ''))?.[1];
  return wait === undefined ? undefined : Number(wait);
}

function windowOf(timespan: string | undefined, now: number): { from: number; to: number } | undefined {
  if (timespan === undefined) return { from: now - 86_400_000, to: now };
  const [first = '', second] = timespan.split('/');
  if (second === undefined) {
    const ms = durationMs(first);
    return ms === undefined ? undefined : { from: now - ms, to: now };
  }
  const [from, to] = [Date.parse(first), Date.parse(second)];
  return Number.isNaN(from) || Number.isNaN(to) || from >= to ? undefined : { from, to };
}

function durationMs(text: string): number | undefined {
  const [, days = '0', hours = '0', minutes = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  const ms = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * minuteMs;
  return ms > 0 ? ms : undefined;
}

interface InnerFault {
  readonly code: string;
  readonly message: string;
}

function bad(code: string, message: string, inner?: InnerFault): Reply {
  const details = { code, message, ...(inner && { innererror: inner }) };
  if (code === 'BadArgumentError') return fault(400, code, message);
  return fault(400, 'BadArgumentError', 'The request had some invalid properties', details);
}

function fault(
  status: number,
  code: string,
  message: string,
  innererror?: object,
  headers?: Record<string, string>,
): Reply {
  return { status, body: { error: { code, message, ...(innererror && { innererror }) } }, ...(headers && { headers }) };
}
