import type { SlackChannel, SlackSnapshot, SlackUser } from '../../slack/contract.ts';
import type { Place } from '../state/use-place.ts';

export interface Rooms {
  readonly me: SlackUser;
  readonly bot: SlackUser | undefined;
  /** Those that the person is in. */
  readonly channels: readonly SlackChannel[];
  /** The conversation between the person and the app. */
  readonly botChannelId: string | undefined;
  /** A channel's id, `home`, or a place outside Slack. */
  readonly at: string;
  /** Undefined at Home and outside. */
  readonly channel: SlackChannel | undefined;
  readonly title: string;
}

/** Where the address leads, as far as it may: a person sees only channels that they are in. */
export function roomsOf(slack: SlackSnapshot, place: Pick<Place, 'as' | 'at'>): Rooms {
  const people = slack.users.filter((user) => !user.isBot);
  const me = people.find((user) => user.id === place.as) ?? people[0] ?? nobody;
  const channels = slack.channels.filter((channel) => channel.members.includes(me.id));
  const bot = slack.users.find((user) => user.id === slack.botUserId);
  const botChannelId = channels.find((one) => one.isDirect && one.members.includes(slack.botUserId))?.id;
  const usual = channels.find((one) => one.name === 'incidents') ?? channels.find((one) => !one.isDirect);
  const outside = outsides.find(({ at }) => at === place.at);
  const channel = place.at === 'home' || outside ? undefined : (channels.find((one) => one.id === place.at) ?? usual);
  const other = channel?.isDirect && slack.users.find((user) => user.id !== me.id && channel.members.includes(user.id));
  const title = channel ? (other ? other.realName : channel.name) : (outside?.label ?? bot?.realName ?? 'Stamps');
  return { me, bot, channels, botChannelId, at: channel?.id ?? outside?.at ?? 'home', channel, title };
}

/** What stands beside Slack: the vendors' own pages. */
export const outsides = [
  { at: 'pagerduty', label: 'PagerDuty', sign: '📟' },
  { at: 'statuspage', label: 'Public status page', sign: '📣' },
] as const;

const nobody: SlackUser = { id: '', name: 'nobody', realName: 'Nobody', title: '' };
