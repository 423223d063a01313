import { usePageState } from './state/use-page-state.ts';
import { Workspace } from './workspace/workspace.tsx';

export function App() {
  const { state, connected } = usePageState();
  if (!state?.slack) return <p className="loading">Opening the workspace…</p>;
  return <Workspace state={state} connected={connected} />;
}
