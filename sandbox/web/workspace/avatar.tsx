import type { SlackUser } from '../../slack/contract.ts';

const hues = 9;

/** Initials on a colour of their own; the app has its stamp. */
export function Avatar({ user, size }: { user: SlackUser | undefined; size: 'small' | 'medium' | 'large' }) {
  if (user?.isBot) return <img className={`avatar avatar-${size}`} src="/icon.svg" alt="" />;
  const name = user?.realName ?? '?';
  const initials = name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .slice(0, 2)
    .join('');
  const hue = [...(user?.id ?? '')].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % hues;
  return (
    <span className={`avatar avatar-${size} hue-${hue}`} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
