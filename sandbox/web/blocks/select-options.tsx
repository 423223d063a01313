import type { Choices } from './choices.ts';

export function SelectOptions({ choices, optional = false }: { choices: Choices; optional?: boolean }) {
  return (
    <>
      <option value="" disabled={!optional} hidden={!optional}>
        {choices.placeholder}
      </option>
      {choices.groups.map((group) => {
        const options = group.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ));
        if (group.label === '') return options;
        return (
          <optgroup key={group.label} label={group.label}>
            {options}
          </optgroup>
        );
      })}
    </>
  );
}
