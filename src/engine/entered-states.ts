import type { RunState } from '../domain/run.ts';
import type { Database, Queries } from './database.ts';

/** A run has come to a state. */
export interface EnteredState {
  readonly run: string;
  readonly playbook: string;
  readonly state: RunState;
}

/** By transaction and run: what will be so once it is committed. */
const noted = new WeakMap<Queries, Map<string, EnteredState>>();

/** Notes a state within the transaction that writes it; of several for one run, the last one counts. */
export function noteState(tx: Queries, entered: EnteredState): void {
  const states = noted.get(tx) ?? new Map<string, EnteredState>();
  noted.set(tx, states.set(entered.run, entered));
}

/** The same database, which tells the noted states of each transaction once it is committed. */
export function tellingStates(database: Database, tell: (entered: EnteredState) => void): Database {
  return {
    ...database,
    async transaction(work) {
      let states: Iterable<EnteredState> = [];
      const result = await database.transaction(async (tx) => {
        const answer = await work(tx);
        states = noted.get(tx)?.values() ?? [];
        return answer;
      });
      for (const entered of states) tell(entered);
      return result;
    },
  };
}
