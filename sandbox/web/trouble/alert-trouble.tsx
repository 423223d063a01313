import type { AlertsSnapshot } from '../../azure/contract.ts';
import type { Fault } from './fault.ts';

interface Props {
  readonly alerts: AlertsSnapshot;
  readonly fault: Fault;
}

/** Storms of alerts. Single ones come by themselves: fail a cell, and its rule fires within seconds. */
export function AlertTrouble({ alerts, fault }: Props) {
  const flood = (label: string, count: number, ms: number) => (
    <button type="button" className="button" onClick={() => fault({ do: 'flood-alerts', count, ms })}>
      {label}
    </button>
  );
  return (
    <fieldset className="trouble">
      <legend>Azure Monitor</legend>
      <div className="trouble-buttons">
        {flood('Flood alerts: 300 at once', 300, 0)}
        {flood('Flood alerts: 10,000 in a minute', 10_000, 60_000)}
        <button type="button" className="button" onClick={() => fault({ do: 'resolve-flood' })}>
          The flood is over
        </button>
      </div>
      {alerts.toPost > 0 && (
        <p className="quiet">{alerts.toPost.toLocaleString('en')} alerts are still to be posted.</p>
      )}
    </fieldset>
  );
}
