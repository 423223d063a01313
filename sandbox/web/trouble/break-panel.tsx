import { useCallback } from 'react';
import type { PageState } from '../../page-state.ts';
import { sendFault } from '../state/api.ts';
import { useNotice } from '../state/notices.tsx';
import { AlertTrouble } from './alert-trouble.tsx';
import { AlertsLog } from './alerts-log.tsx';
import { CellTrouble } from './cell-trouble.tsx';
import type { Fault } from './fault.ts';
import { IncidentsLog } from './incidents-log.tsx';
import { PeopleTrouble } from './people-trouble.tsx';
import { ReadinessTrouble } from './readiness-trouble.tsx';
import { RegionTrouble } from './region-trouble.tsx';
import { ServiceTrouble } from './service-trouble.tsx';
import { WritesLog } from './writes-log.tsx';

interface Props {
  readonly state: PageState;
  readonly chosen: string | undefined;
  readonly onChoose: (cell: string) => void;
}

/** Buttons that break the world around the bot, and what came of it. */
export function BreakPanel({ state, chosen, onChoose }: Props) {
  const tell = useNotice();
  const fault = useCallback<Fault>(
    (request) => {
      sendFault(request).catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
    },
    [tell],
  );
  return (
    <section className="break" aria-label="Break things">
      <header className="pane-header">
        <h2>Break things</h2>
      </header>
      <CellTrouble estate={state.estate} chosen={chosen} onChoose={onChoose} fault={fault} />
      <RegionTrouble estate={state.estate} fault={fault} />
      <ReadinessTrouble estate={state.estate} fault={fault} />
      <ServiceTrouble switches={state.switches} app={state.app} fault={fault} />
      <AlertTrouble alerts={state.alerts} fault={fault} />
      <PeopleTrouble slack={state.slack} fault={fault} />
      <AlertsLog alerts={state.alerts} />
      <WritesLog writes={state.writes} />
      <IncidentsLog incidents={state.incidents} />
    </section>
  );
}
