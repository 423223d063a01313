import type { Tab } from '../state/use-place.ts';

const tabs: readonly (readonly [Tab, string, string])[] = [
  ['channel', '💬', 'Channel'],
  ['estate', '🗺️', 'Estate'],
  ['break', '⚡', 'Break'],
];

/** On a narrow screen: one thing at a time. */
export function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  return (
    <nav className="tabs" aria-label="Views">
      {tabs.map(([id, icon, label]) => (
        <button key={id} type="button" aria-current={id === tab ? 'page' : undefined} onClick={() => onTab(id)}>
          <span aria-hidden="true">{icon}</span> {label}
        </button>
      ))}
    </nav>
  );
}
