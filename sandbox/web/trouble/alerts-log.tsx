import type { AlertSnapshot, AlertsSnapshot } from '../../azure/contract.ts';

const words: Readonly<Record<AlertSnapshot['notified'], string>> = {
  posting: 'being posted',
  retrying: 'no answer, tries again',
  accepted: 'told the bot',
  refused: 'the bot refused it',
  'given-up': 'gave up',
  blocked: 'not posted: the bot did not answer before',
  silent: 'kept silent',
  nobody: 'nobody to tell',
};

/** What Azure Monitor fired, the newest first, and whether the bot was told. */
export function AlertsLog({ alerts }: { alerts: AlertsSnapshot }) {
  const { newest, firing, total } = alerts;
  const count = (some: number) => some.toLocaleString('en');
  return (
    <section className="log" aria-label="Alerts of Azure Monitor">
      <h3>Alerts of Azure Monitor{total > 0 && ` (${count(firing)} firing of ${count(total)})`}</h3>
      {newest.length === 0 ? (
        <p className="quiet">All is quiet.</p>
      ) : (
        <ol>
          {newest.map((alert) => (
            <li key={alert.id}>
              <time className="quiet">{new Date(alert.resolvedAt ?? alert.firedAt).toLocaleTimeString()}</time>{' '}
              <span className={`chip ${alert.resolvedAt === undefined ? 'alert-firing' : ''}`}>
                {alert.resolvedAt === undefined ? `Sev${alert.severity}` : 'resolved'}
              </span>{' '}
              {alert.rule}{' '}
              <span className="quiet">
                {alert.target}: {words[alert.notified]}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
