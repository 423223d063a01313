import type { PublicPageSnapshot } from '../../statuspage/contract.ts';

const words: Readonly<Record<string, string>> = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
};

/** The status page as customers see it. */
export function PublicPageView({ page }: { page: PublicPageSnapshot }) {
  const open = page.incidents.filter(({ status }) => status !== 'resolved');
  const past = page.incidents.filter(({ status }) => status === 'resolved');
  const well = open.length === 0 && page.components.every(({ status }) => status === 'operational');
  return (
    <section className="channel" aria-label="Public status page">
      <header className="pane-header">
        <h2>Public status page</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: people who use the keyboard must be able to scroll it */}
      <section className="scroller" tabIndex={0} aria-label="What customers see">
        <div className="outside">
          <p className={well ? 'outside-banner' : 'outside-banner outside-banner-bad'}>
            {well ? 'All systems operational' : 'Something is not as it should be'}
          </p>
          {open.map((incident) => (
            <PublicIncident key={incident.id} incident={incident} />
          ))}
          <h3>Components</h3>
          <ul className="outside-components">
            {page.components.map(({ id, name, status }) => (
              <li key={id}>
                <span>{name}</span>
                <span className={`component-${status}`}>{words[status] ?? status}</span>
              </li>
            ))}
          </ul>
          <h3>Past incidents</h3>
          {past.length === 0 && <p className="quiet">None.</p>}
          {past.map((incident) => (
            <PublicIncident key={incident.id} incident={incident} />
          ))}
        </div>
      </section>
    </section>
  );
}

function PublicIncident({ incident }: { incident: PublicPageSnapshot['incidents'][number] }) {
  const { name, status, impact, components, updates } = incident;
  return (
    <article className={`outside-card impact-${impact}`} aria-label={name}>
      <h4>
        {name} <span className="chip">{status}</span>
      </h4>
      {components.length > 0 && <p className="quiet">Concerns {components.join(', ')}</p>}
      {updates.map(({ status: said, body, at }) => (
        <p key={at} className="outside-update">
          <strong>{said}</strong> {body} <time className="quiet">{new Date(at).toLocaleTimeString()}</time>
        </p>
      ))}
    </article>
  );
}
