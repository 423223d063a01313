import { useState } from 'react';
import type { PagerRequest } from '../../page-pager.ts';
import type { PagerAccount, PagerIncident } from '../../pagerduty/contract.ts';
import { sendPager } from '../state/api.ts';
import { useNotice } from '../state/notices.tsx';

interface Props {
  readonly incidents: readonly PagerIncident[];
  readonly account: PagerAccount;
  /** Full name of the person in Slack: the same in PagerDuty, where they are there. */
  readonly me: string;
}

/** PagerDuty as the engineer sees it: who was paged, and what they can do about it. */
export function PagerView({ incidents, account, me }: Props) {
  const tell = useNotice();
  const own = account.users.find(({ name }) => name === me)?.id;
  const [chosen, choose] = useState<string>();
  const as = chosen ?? own ?? account.users[0]?.id ?? '';
  const act = (request: PagerRequest) => {
    sendPager(request).catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
  };
  return (
    <section className="channel" aria-label="PagerDuty">
      <header className="pane-header outside-header">
        <h2>PagerDuty</h2>
        <label className="outside-as">
          as{' '}
          <select className="select" value={as} onChange={(event) => choose(event.target.value)}>
            {account.users.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: people who use the keyboard must be able to scroll it */}
      <section className="scroller" tabIndex={0} aria-label="Incidents in PagerDuty">
        <div className="outside">
          <h3>On call now</h3>
          <ul className="outside-on-call">
            {account.onCall.map(({ policy, level, who, until }) => (
              <li key={`${policy} ${level} ${who}`}>
                <strong>{policy}</strong> <span className="quiet">level {level}</span> {who}
                {until !== undefined && <span className="quiet"> until {new Date(until).toLocaleString()}</span>}
              </li>
            ))}
          </ul>
          <h3>Incidents</h3>
          {incidents.length === 0 && <p className="quiet">Nobody was woken.</p>}
          {incidents.toReversed().map((incident) => (
            <PagerIncidentCard key={incident.id} incident={incident} as={as} act={act} />
          ))}
          <Webhooks webhooks={account.webhooks} />
        </div>
      </section>
    </section>
  );
}

function PagerIncidentCard({
  incident,
  as,
  act,
}: {
  incident: PagerIncident;
  as: string;
  act: (request: PagerRequest) => void;
}) {
  const [note, setNote] = useState('');
  const { id, summary, status, assignees, service, policy, triggers, at, notes } = incident;
  return (
    <article className={`outside-card outside-${status}`} aria-label={`${id} ${summary}`}>
      <h4>
        <span className={`chip incident-${status}`}>{status}</span> {summary}
      </h4>
      <p className="quiet">
        {id} on {service} ({policy}), {new Date(at).toLocaleTimeString()}, woke {assignees.join(', ') || 'nobody'}
        {triggers > 1 && `; ${triggers} events, one incident`}
      </p>
      {notes.map(({ by, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: notes are only ever added
        <p key={index} className="outside-note">
          <strong>{by}</strong> {text}
        </p>
      ))}
      {status !== 'resolved' && (
        <form
          className="outside-actions"
          onSubmit={(event) => {
            event.preventDefault();
            if (note.trim() === '') return;
            act({ do: 'note', as, incident: id, text: note.trim() });
            setNote('');
          }}
        >
          {status === 'triggered' && (
            <button
              type="button"
              className="button primary"
              onClick={() => act({ do: 'acknowledge', as, incident: id })}
            >
              Acknowledge
            </button>
          )}
          {status === 'acknowledged' && (
            <button
              type="button"
              className="button"
              title="The acknowledgement has lasted too long: PagerDuty takes it back"
              onClick={() => act({ do: 'time-out', incident: id })}
            >
              Let it time out
            </button>
          )}
          <button type="button" className="button" onClick={() => act({ do: 'resolve', as, incident: id })}>
            Resolve
          </button>
          <input
            aria-label={`Note on ${id}`}
            placeholder="Add a note"
            value={note}
            maxLength={2_000}
            onChange={(event) => setNote(event.target.value)}
          />
          <button type="submit" className="button">
            Add
          </button>
        </form>
      )}
    </article>
  );
}

/** What PagerDuty told the bot, and how it answered. */
function Webhooks({ webhooks }: { webhooks: PagerAccount['webhooks'] }) {
  return (
    <section className="log outside-log" aria-label="Webhooks to the bot">
      <h3>Webhooks to the bot</h3>
      {webhooks.off && <p className="outside-warning">Switched off for 24 h: three were dropped one after another.</p>}
      {webhooks.tries.length === 0 ? (
        <p className="quiet">None yet.</p>
      ) : (
        <ol>
          {webhooks.tries.map(({ webhookId, event, status, attempt }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same webhook may come again
            <li key={`${webhookId} ${index}`}>
              <span className="chip">{status === 0 ? 'no answer' : status}</span> {event}
              <span className="quiet">
                {' '}
                {webhookId.slice(0, 8)}
                {attempt > 1 && `, try ${attempt}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
