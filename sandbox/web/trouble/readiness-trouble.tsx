import type { EstateSnapshot } from '../../azure/contract.ts';
import type { Fault } from './fault.ts';

const usualHours = 90 * 24;
const farBehindSeconds = 20 * 60;

/** What a region lacks to take over, though it is well: the guards of a failover and a drill refuse it. */
export function ReadinessTrouble({ estate, fault }: { estate: EstateSnapshot; fault: Fault }) {
  const { regions, trouble } = estate;
  const has = (words: string) => trouble.some((it) => it.startsWith(words));
  const toggle = (label: string, on: boolean, flip: () => void) => (
    <button key={label} type="button" className="button toggle" aria-pressed={on} onClick={flip}>
      {label}
    </button>
  );
  const certificates = regions.flatMap(({ name }) => {
    const says = `The certificate of the gateway of ${name}`;
    const give = (hoursLeft: number) => fault({ do: 'gateway-certificate', region: name, hoursLeft });
    const ended = has(`${says} has ended`);
    const ending = has(`${says} ends`);
    return [
      toggle(`Certificate of ${name} has ended`, ended, () => give(ended ? usualHours : -1)),
      toggle(`Certificate of ${name} ends in 10 h`, ending, () => give(ending ? usualHours : 10)),
    ];
  });
  const few = has('Environments may have only');
  return (
    <details className="trouble-more">
      <summary>What a region lacks to take over</summary>
      <fieldset className="trouble">
        <legend>Cores and certificates</legend>
        <div className="trouble-buttons">
          {toggle('Only 10 cores an environment', few, () => fault({ do: 'few-cores', on: !few }))}
          {certificates}
        </div>
      </fieldset>
      <fieldset className="trouble">
        <legend>Copies of storage</legend>
        <div className="trouble-buttons">
          {regions
            .filter(({ cells }) => cells.some(({ role }) => role === 'active'))
            .flatMap(({ name }) => {
              const stuck = has(`The copies of the storage of ${name} are made anew`);
              const behind = trouble.some(
                (it) => it.startsWith(`The copies of the storage of ${name} are`) && it.endsWith('behind'),
              );
              return [
                toggle(`Copies of ${name} are made anew, for ever`, stuck, () =>
                  fault({ do: 'stuck-copies', region: name, on: !stuck }),
                ),
                toggle(`Copies of ${name} are 20 min behind`, behind, () =>
                  fault({ do: 'storage-lag', region: name, seconds: behind ? 0 : farBehindSeconds }),
                ),
              ];
            })}
        </div>
      </fieldset>
    </details>
  );
}
