import { roomsOf } from '../../../../sandbox/web/workspace/rooms.ts';
import { fakeSlack } from '../../../support/page-slack.ts';

const slack = fakeSlack().snapshot();

describe('rooms', () => {
  it('begins in #incidents as the first person', () => {
    const rooms = roomsOf(slack, { as: undefined, at: undefined });
    expect([rooms.me.name, rooms.title]).toEqual(['ana', 'incidents']);
  });

  it('shows nobody a channel that they are not in', () => {
    const rooms = roomsOf(slack, { as: 'UGIL', at: 'COPS' });
    expect(rooms.channels.map(({ name }) => name)).toEqual(['incidents']);
    expect(rooms.title).toBe('incidents');
  });

  it('lets nobody be the bot', () => {
    expect(roomsOf(slack, { as: 'UBOT', at: undefined }).me.name).toBe('ana');
  });
});
