import type { EstateSnapshot } from '../../azure/contract.ts';
import type { Fault } from './fault.ts';

const routingMethods = ['Priority', 'Weighted', 'Performance', 'Geographic'];

/** Whole regions, what leads clients to them, and the data between them. */
export function RegionTrouble({ estate, fault }: { estate: EstateSnapshot; fault: Fault }) {
  const standbys = estate.regions.flatMap(({ cells }) => cells).filter(({ role }) => role === 'standby');
  const replicates = !estate.trouble.includes('SQL does not replicate');
  const movesByItself = !estate.trouble.includes('Cosmos does not fail over by itself');
  const frontDoorOn = !estate.trouble.includes('The endpoint of Front Door is switched off');
  const profileOn = !estate.trouble.includes('Traffic Manager is switched off as a whole');
  return (
    <fieldset className="trouble">
      <legend>Regions</legend>
      <div className="trouble-buttons">
        {estate.regions.map(({ name, lost }) => (
          <button
            key={name}
            type="button"
            className={lost ? 'button primary' : 'button danger'}
            onClick={() => fault({ do: lost ? 'heal-region' : 'fail-region', region: name })}
          >
            {lost ? 'Heal' : 'Fail'} region {name}
          </button>
        ))}
        <button
          type="button"
          className="button toggle"
          aria-pressed={!replicates}
          onClick={() => fault({ do: 'replication', on: !replicates })}
        >
          Stop SQL replication
        </button>
        <button
          type="button"
          className="button toggle"
          aria-pressed={!movesByItself}
          onClick={() => fault({ do: 'cosmos-failover', on: !movesByItself })}
        >
          Cosmos does not fail over by itself
        </button>
        <label>
          Routing{' '}
          <select
            className="select"
            value={estate.routing}
            onChange={(event) => fault({ do: 'routing', method: event.target.value })}
          >
            {routingMethods.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </select>
        </label>
      </div>
      <h3>Behind the bot’s back</h3>
      <div className="trouble-buttons">
        <button type="button" className="button" onClick={() => fault({ do: 'set-profile', on: !profileOn })}>
          Switch Traffic Manager {profileOn ? 'off' : 'on'} as a whole
        </button>
        <button type="button" className="button" onClick={() => fault({ do: 'set-front-door', on: !frontDoorOn })}>
          Switch the endpoint of Front Door {frontDoorOn ? 'off' : 'on'}
        </button>
        {estate.regions.map(({ name }) => {
          const shut = estate.trouble.includes(`The firewall of SQL in ${name} keeps the bot out`);
          return (
            <button
              key={`sql-${name}`}
              type="button"
              className="button"
              onClick={() => fault({ do: 'sql-firewall', region: name, on: shut })}
            >
              {shut ? `Let the bot through the firewall of SQL in ${name}` : `Keep the bot out of SQL in ${name}`}
            </button>
          );
        })}
        {estate.regions.map(({ name, endpointOn }) => (
          <button
            key={name}
            type="button"
            className="button"
            onClick={() => fault({ do: 'set-endpoint', region: name, on: !endpointOn })}
          >
            Switch the endpoint of {name} {endpointOn ? 'off' : 'on'}
          </button>
        ))}
        {standbys.length > 0 && (
          <button
            type="button"
            className="button"
            onClick={() => {
              for (const { name } of standbys) fault({ do: 'set-scale', cell: name, least: 1, most: 20 });
            }}
          >
            Shrink the standbys to 1 replica
          </button>
        )}
      </div>
    </fieldset>
  );
}
