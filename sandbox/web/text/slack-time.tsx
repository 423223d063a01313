import { useNow } from '../state/use-now.ts';
import { SafeLink } from './safe-link.tsx';
import { formatSlackDate } from './slack-date.ts';

interface Props {
  readonly unix: number;
  readonly format: string;
  readonly fallback: string;
  readonly link?: string;
}

/** A moment in the reader's own time zone. */
export function SlackTime({ unix, format, fallback, link }: Props) {
  const now = useNow();
  const at = new Date(unix * 1_000);
  if (Number.isNaN(at.getTime())) return fallback;
  const time = (
    <time dateTime={at.toISOString()} title={at.toUTCString()}>
      {formatSlackDate(unix, format, { now })}
    </time>
  );
  return link === undefined ? time : <SafeLink url={link}>{time}</SafeLink>;
}
