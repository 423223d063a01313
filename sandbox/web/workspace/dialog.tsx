import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly labelledBy: string;
  readonly onClose: () => void;
  readonly small?: boolean;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ labelledBy, onClose, small = false, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Not the close button, which the browser would take: what the person came for.
    dialog?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea), .dialog-buttons button')?.focus();
    return () => {
      dialog?.close();
      // React has taken the dialog out by now, so the browser does not give the focus back.
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={small ? 'dialog dialog-small' : 'dialog'}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
