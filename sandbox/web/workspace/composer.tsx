import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useNotice } from '../state/notices.tsx';
import { type Places, suggest } from './suggestions.ts';

interface Props {
  readonly draftKey: string;
  readonly label: string;
  readonly places: Places;
  readonly inThread: boolean;
  /** Absent in threads: Slack takes no slash commands there. */
  readonly onCommand?: (text: string) => Promise<unknown>;
  readonly onSay: (text: string) => Promise<unknown>;
}

/** What was begun and not sent, by person and place. */
const drafts = new Map<string, string>();

/**
 * Where a person types: Enter sends, Shift+Enter begins a line. Suggestions are taken with Tab, or with Enter once one
 * is chosen by arrow keys, so that Enter alone always sends what was typed.
 */
export function Composer({ draftKey, label, places, inThread, onCommand, onSay }: Props) {
  const tell = useNotice();
  const [text, setText] = useState(drafts.get(draftKey) ?? '');
  const [chosen, setChosen] = useState(-1);
  const [closed, setClosed] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const suggestions = closed ? [] : suggest(text, { places, inThread });

  const change = (next: string) => {
    drafts.set(draftKey, next);
    setText(next);
    setChosen(-1);
    setClosed(false);
  };
  const take = (index: number) => {
    const suggestion = suggestions[index];
    if (!suggestion) return;
    change(suggestion.text);
    field.current?.focus();
  };
  const send = () => {
    const typed = text.trim();
    if (typed === '') return;
    if (typed.startsWith('/')) {
      const command = /^\/stamps(?:\s+([\s\S]*))?$/i.exec(typed);
      if (!onCommand) return tell('Slack has no slash commands in threads. Use the buttons, or mention @stamps.');
      if (!command) return tell(`${typed.split(/\s/)[0]} is not a command of this workspace. Try /stamps help.`);
      void onCommand(command[1] ?? '');
    } else {
      void onSay(typed);
    }
    change('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const count = suggestions.length;
    const act = {
      Enter: event.shiftKey ? undefined : () => (chosen >= 0 ? take(chosen) : send()),
      Tab: count > 0 && !event.shiftKey ? () => take(Math.max(chosen, 0)) : undefined,
      ArrowDown: count > 0 ? () => setChosen((chosen + 1) % count) : undefined,
      ArrowUp: count > 0 ? () => setChosen((chosen <= 0 ? count : chosen) - 1) : undefined,
      Escape: count > 0 ? () => setClosed(true) : undefined,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="composer">
      {suggestions.length > 0 && (
        <div className="suggestions">
          <div role="listbox" id={listId} aria-label="Suggestions">
            {suggestions.map((suggestion, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the text field handles the keys (combobox pattern)
              <div
                key={suggestion.label}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className="suggestion"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(index)}
              >
                <span className="suggestion-label">{suggestion.label}</span>
                <span className="quiet">{suggestion.hint}</span>
              </div>
            ))}
          </div>
          <p className="suggestion-keys quiet" aria-hidden="true">
            <kbd>Tab</kbd> completes, <kbd>↑</kbd> <kbd>↓</kbd> choose
          </p>
        </div>
      )}
      <div className="composer-field">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={inThread ? 'Reply, or @stamps approve' : `${label}, or type / for commands`}
          aria-label={label}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setChosen(-1)}
        />
        <button type="button" className="send" aria-label="Send" aria-disabled={text.trim() === ''} onClick={send}>
          ➤
        </button>
      </div>
    </div>
  );
}
