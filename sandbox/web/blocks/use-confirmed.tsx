import type { Confirm, ConfirmationDialog } from '@slack/types';
import { type ReactNode, useState } from 'react';
import { useAct } from './act.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface Confirmed {
  act(actionId: string, value?: string): void;
  readonly busy: boolean;
  /** To be rendered beside the element. */
  readonly dialog: ReactNode;
}

/** Acts at once, or asks first when the element says so. Acts once at a time. */
export function useConfirmed(confirm: Confirm | ConfirmationDialog | undefined): Confirmed {
  const tell = useAct();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<() => void>();
  const run = async (actionId: string, value?: string) => {
    setBusy(true);
    await tell(actionId, value).finally(() => setBusy(false));
  };
  return {
    busy,
    act: (actionId, value) => {
      if (confirm) setAsked(() => () => void run(actionId, value));
      else void run(actionId, value);
    },
    dialog: confirm && asked && (
      <ConfirmDialog
        confirm={confirm}
        onAnswer={(yes) => {
          setAsked(undefined);
          if (yes) asked();
        }}
      />
    ),
  };
}
