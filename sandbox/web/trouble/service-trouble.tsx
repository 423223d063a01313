import type { AppStatus, Switches } from '../../page-state.ts';
import type { Fault } from './fault.ts';

interface Props {
  readonly switches: Switches;
  readonly app: AppStatus;
  readonly fault: Fault;
}

const usualGatewayMs = 3_000;
const slowGatewayMs = 30_000;
const slowAzureMs = 2_000;

/** Azure, Slack, the pager and the bot itself. A pressed button lasts until it is pressed again. */
export function ServiceTrouble({ switches, app, fault }: Props) {
  const lasting = (label: string, on: boolean, flip: () => void) => (
    <button type="button" className="button toggle" aria-pressed={on} onClick={flip}>
      {label}
    </button>
  );
  const once = (label: string, act: () => void) => (
    <button type="button" className="button" onClick={act}>
      {label}
    </button>
  );
  const slow = switches.gatewayDelayMs > usualGatewayMs;
  const lagging = switches.azureLatencyMs > 0;
  const runs = app.state !== 'absent' && app.state !== 'died' && app.state !== 'stopped';
  return (
    <>
      <fieldset className="trouble">
        <legend>Bot</legend>
        <div className="trouble-buttons">
          {runs && (
            <button type="button" className="button danger" onClick={() => fault({ do: 'kill-bot' })}>
              Kill it (SIGKILL)
            </button>
          )}
          {app.state !== 'absent' && once(runs ? 'Restart it' : 'Start it', () => fault({ do: 'restart-bot' }))}
          {app.state === 'absent' && <p className="quiet">{app.says}</p>}
        </div>
      </fieldset>
      <fieldset className="trouble">
        <legend>Slack</legend>
        <div className="trouble-buttons">
          {lasting('Cut Slack off', switches.slackDown, () => fault({ do: 'slack-down', on: !switches.slackDown }))}
          {once('Throttle the next 5 posts', () =>
            fault({ do: 'throttle-slack', method: 'chat.postMessage', times: 5, seconds: 5 }),
          )}
          {once('Throttle the next 5 updates', () =>
            fault({ do: 'throttle-slack', method: 'chat.update', times: 5, seconds: 5 }),
          )}
          {once('Lose the answer to the next post', () =>
            fault({ do: 'lose-slack-answers', method: 'chat.postMessage', times: 1 }),
          )}
        </div>
      </fieldset>
      <fieldset className="trouble">
        <legend>Azure</legend>
        <div className="trouble-buttons">
          {lasting('Slow the gateway to 30 s', slow, () =>
            fault({ do: 'gateway-delay', ms: slow ? usualGatewayMs : slowGatewayMs }),
          )}
          {lasting('Gateway updates never end', switches.gatewayHangs, () =>
            fault({ do: 'gateway-hangs', on: !switches.gatewayHangs }),
          )}
          {lasting('Every answer takes 2 s', lagging, () =>
            fault({ do: 'azure-latency', ms: lagging ? 0 : slowAzureMs }),
          )}
          {once('Throttle the next 20 requests', () => fault({ do: 'throttle-azure', times: 20, seconds: 3 }))}
          {once('Lose the answer to the next write', () => fault({ do: 'lose-azure-answers', times: 1 }))}
          {once('Empty Front Door’s cache', () => fault({ do: 'purge-cache' }))}
          {once('Fail the next operation', () => fault({ do: 'fail-operation' }))}
        </div>
      </fieldset>
      <fieldset className="trouble">
        <legend>PagerDuty</legend>
        <div className="trouble-buttons">
          {lasting('Throttle every event', switches.pagerThrottles, () =>
            fault({ do: 'pager-throttles', on: !switches.pagerThrottles }),
          )}
          {once('Throttle the next 3 events', () => fault({ do: 'throttle-pager', times: 3 }))}
          {once('Replay the last webhook', () => fault({ do: 'replay-webhook' }))}
        </div>
      </fieldset>
      <fieldset className="trouble">
        <legend>Statuspage</legend>
        <div className="trouble-buttons">
          {once('Lose the answer to the next post', () => fault({ do: 'lose-statuspage-answers', times: 1 }))}
          {once('Throttle the next 3 requests (420)', () => fault({ do: 'throttle-statuspage', times: 3, seconds: 5 }))}
        </div>
      </fieldset>
    </>
  );
}
