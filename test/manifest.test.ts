import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commands } from '../src/commands/index.ts';
import { chatScopes, incomingNeeds } from '../src/ports/chat-scopes.ts';
import { filesBelow } from './support/source-files.ts';

const manifest = parse(readFileSync(join(__dirname, '../manifest.yml'), 'utf8'));
const sorted = (values: Iterable<string | undefined>) =>
  [...new Set(values)].filter((value) => value !== undefined).sort();

describe('the app’s manifest', () => {
  it('asks for exactly the scopes that the chat port and the deliveries need', () => {
    const needed = [
      ...Object.values(chatScopes).flat(),
      ...Object.values(incomingNeeds).flatMap(({ scopes }) => scopes),
    ];
    expect(sorted(manifest.oauth_config.scopes.bot)).toEqual(sorted(needed));
    expect(manifest.oauth_config.scopes.user).toBeUndefined();
  });

  it('subscribes to exactly the events that are taken', () => {
    const events = Object.values(incomingNeeds).map(({ event }) => event);
    expect(sorted(manifest.settings.event_subscriptions.bot_events)).toEqual(sorted(events));
  });

  it('has the one slash command that every usage and hint names', () => {
    expect(manifest.features.slash_commands.map(({ command }: { command: string }) => command)).toEqual(['/stamps']);
    const named = filesBelow('src')
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/`?(\/stamps) [a-z<$]/g)])
      .map(([, command]) => command);
    expect(sorted(named)).toEqual(['/stamps']);
  });

  it('hints at commands that exist', () => {
    const hint: string = manifest.features.slash_commands[0].usage_hint;
    const names = commands.map(({ name }) => name);
    expect(
      hint
        .split('|')
        .map((part) => part.trim().split(' ')[0])
        .filter((name) => !names.includes(name ?? '')),
    ).toEqual([]);
  });

  it('has buttons, forms, App Home and direct messages switched on', () => {
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(manifest.features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
  });

  it('tells Slack to send what is typed as it is typed', () => {
    expect(manifest.features.slash_commands[0].should_escape).toBe(false);
  });
});

describe('the README', () => {
  it('names every command', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const section = readme.slice(
      readme.indexOf('## What you can do'),
      readme.indexOf('## Run it for a real workspace'),
    );
    const spans = [...section.matchAll(/`([^`]+)`/g)].map(([, span]) => span ?? '');
    // `incident ack`, `assign`, …: the words behind the first one belong to it.
    const named = (name: string) =>
      spans.some((span) =>
        [name, name.replace(/^incident /, ''), `/stamps ${name}`].some((words) => begins(span, words)),
      );
    expect(commands.map(({ name }) => name).filter((name) => !named(name))).toEqual([]);
  });
});

function begins(span: string, words: string): boolean {
  return span === words || span.startsWith(`${words} `);
}
