import type { PagerDutyEmulator } from '../../pagerduty/contract.ts';

export function IncidentsLog({ incidents }: { incidents: PagerDutyEmulator['incidents'] }) {
  return (
    <section className="log" aria-label="PagerDuty incidents">
      <h3>PagerDuty incidents</h3>
      {incidents.length === 0 ? (
        <p className="quiet">Nobody was woken.</p>
      ) : (
        <ol>
          {incidents.map((incident) => (
            <li key={incident.dedupKey}>
              <span className={`chip incident-${incident.status}`}>{incident.status}</span> {incident.summary}
              {incident.triggers > 1 && <span className="quiet"> ({incident.triggers} events, one incident)</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
