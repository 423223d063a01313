import pg from 'pg';
import { OpsError } from '../errors.ts';
import { systemClock } from '../ports/clock.ts';
import { migrations } from './schema.ts';

/** Rows come with timestamps as ISO 8601 text and bigints as numbers (all of ours stay below 2^53). */
export interface Queries {
  query<Row extends object>(sql: string, params?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queries {
  /** The same, for what is asked so often that each connection keeps it parsed, under this name. */
  prepared<Row extends object>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]>;
  readonly pool: pg.Pool;
  /** All or nothing. An error of the work rolls back and comes out as it is. */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const parsers: Record<number, (text: string) => unknown> = {
  [pg.types.builtins.TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
  [pg.types.builtins.INT8]: Number,
};

/** Connects and brings the engine's schema up to date; replicas that start together wait for each other. */
export async function openDatabase(url: string): Promise<Database> {
  const database = connectDatabase(url, 12);
  await migrate(database);
  return database;
}

/**
 * Connections to a database whose schema is up to date, at most `size` of them, made when they are first needed.
 * Every query may throw `unavailable` when PostgreSQL is away: at once for what a person waits for (2 s to connect).
 */
export function connectDatabase(url: string, size: number): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    // Kept when idle: who clicks does not wait for a connection to be made.
    min: 4,
    connectionTimeoutMillis: 2_000,
    application_name: 'stamps',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);

  const over = (client: pg.Pool | pg.PoolClient): Queries => ({
    async query<Row extends object>(sql: string, params: readonly unknown[] = []) {
      try {
        return (await client.query<Row>(sql, params as unknown[])).rows;
      } catch (error) {
        throw translate(error);
      }
    },
  });

  return {
    ...over(pool),
    async prepared<Row extends object>(name: string, text: string, params: readonly unknown[]) {
      try {
        return (await pool.query<Row>({ name, text, values: params as unknown[] })).rows;
      } catch (error) {
        throw translate(error);
      }
    },
    pool,
    async transaction(work) {
      const client = await pool.connect().catch((error) => Promise.reject(translate(error)));
      let broken: Error | undefined;
      // A connection may break between two queries; without a listener that would end the process.
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        const tx = over(client);
        await tx.query('begin');
        const result = await work(tx);
        await tx.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((rollback: Error) => {
          broken = rollback;
        });
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** The moment by the database's clock, ISO 8601. */
export async function databaseNow(db: Queries): Promise<string> {
  const [row] = await db.query<{ at: string }>('select clock_timestamp() as at');
  if (!row) throw new Error('the database has no clock');
  return row.at;
}

async function migrate(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('stamps.migrations'))`);
    await tx.query('create schema if not exists stamps');
    await tx.query(
      'create table if not exists stamps.migrations (id integer primary key, applied_at timestamptz default now())',
    );
    const applied = new Set((await tx.query<{ id: number }>('select id from stamps.migrations')).map(({ id }) => id));
    for (const [id, sql] of migrations.entries()) {
      if (applied.has(id)) continue;
      await tx.query(sql);
      await tx.query('insert into stamps.migrations (id) values ($1)', [id]);
    }
  });
}

/** SQLSTATE classes and socket errors that mean “not there now”, not “wrong”: 08 connection, 53 resources, 57P shutdown. */
const awayStates = /^(08...|53...|57P0[1-3]|40001|40P01)$/;
const awaySockets = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function translate(error: unknown): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (!awayStates.test(code) && !awaySockets.test(code) && !awayMessages.test(message)) return error;
  return new OpsError('unavailable', 'The database can’t be reached.', {
    hint: 'Nothing was done. Try again in a minute.',
    service: 'PostgreSQL',
    cause: error,
  });
}

/**
 * For work that must not end because PostgreSQL restarts: tries again until it is back, or the signal says stop.
 * The work must be safe to repeat: a commit whose answer was lost counts as not done.
 */
export async function patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OpsError && error.service === 'PostgreSQL')) throw error;
      await systemClock.sleep(waitMs, signal);
    }
  }
}
