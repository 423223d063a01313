import { inspect } from 'node:util';

const redacted = '[redacted]';

/** A value that no log, error or card can print by accident; whoever needs it says so with `reveal()`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

/** Below this, replacing a secret wherever it stands would maim ordinary words. */
const shortestSecret = 8;

/** All secrets within a value, as those of a configuration. */
export function secretsOf(value: unknown): Secret[] {
  if (value instanceof Secret) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : [];
}

/** What must be replaced in texts wherever it stands. */
export function revealed(secrets: readonly Secret[]): string[] {
  return secrets.map((secret) => secret.reveal()).filter((secret) => secret.length >= shortestSecret);
}
