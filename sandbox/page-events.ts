import type { ServerResponse } from 'node:http';
import { type PageState, pageState, type World } from './page-state.ts';

/** Changes that come close together are shown together. */
const debounceMs = 40;
/** For what nobody announces, such as a webhook’s answer; comments in between keep proxies from hanging up. */
const lookAgainMs = 1_000;

/**
 * Server-sent events: each `change` carries the parts of the page's state that differ from what was sent before; the
 * first one to a listener carries all of them.
 */
export class PageEvents {
  readonly #world: World;
  readonly #listeners = new Set<ServerResponse>();
  readonly #stop: (() => void)[] = [];
  readonly #sent = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(world: World) {
    this.#world = world;
    for (const source of [world.slack, world.azure, world.pager, world.statuspage, world.bot])
      this.#stop.push(source.subscribe(() => this.changed()));
    const again = setInterval(() => this.changed(), lookAgainMs);
    this.#stop.push(() => clearInterval(again));
  }

  /** Looks soon for what is new. */
  changed(): void {
    if (this.#listeners.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, debounceMs);
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (this.#listeners.size > 0) this.#send();
    this.#remember();
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    response.write(event([...this.#sent]));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stop) stop();
    for (const listener of this.#listeners) listener.end();
  }

  #send(): void {
    const parts = this.#remember();
    for (const listener of this.#listeners) listener.write(parts.length > 0 ? event(parts) : ': still here\n\n');
  }

  /** Takes in the state as it is now; answers with the parts that differ from before, as JSON. */
  #remember(): [string, string][] {
    const fresh = Object.entries(pageState(this.#world) satisfies PageState)
      .map(([part, state]): [string, string] => [part, JSON.stringify(state)])
      .filter(([part, json]) => this.#sent.get(part) !== json);
    for (const [part, json] of fresh) this.#sent.set(part, json);
    return fresh;
  }
}

function event(parts: readonly (readonly [string, string])[]): string {
  return `event: change\ndata: {${parts.map(([part, json]) => `${JSON.stringify(part)}:${json}`).join(',')}}\n\n`;
}
