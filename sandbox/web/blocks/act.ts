import { createContext, useContext } from 'react';

/** Presses a button or picks an option; resolves when the app has answered. */
export type Act = (actionId: string, value?: string) => Promise<void>;

/** Whom the interactive elements of a message or view tell. */
export const ActContext = createContext<Act>(async () => {});

export function useAct(): Act {
  return useContext(ActContext);
}
