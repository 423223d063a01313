import type { Arm, ArmAnswer } from '../../../src/integrations/azure/arm.ts';
import { isTerminal, operationOf, pollOperation } from '../../../src/integrations/azure/operation.ts';
import { fc } from '../../support/properties.ts';
import { never } from './scripted-azure.ts';

const origin = 'https://management.azure.com';
const resource = { path: '/subscriptions/s', apiVersion: '2024-05-01' };
const status = `${origin}/subscriptions/s/operations/1?api-version=2024-05-01`;

function answer(code: number, headers: Record<string, string> = {}, body?: unknown): ArmAnswer {
  return { status: code, body, header: (name) => headers[name] };
}

function armThat(answers: ArmAnswer): Arm & { followed: string[] } {
  const followed: string[] = [];
  return {
    origin,
    followed,
    send: async () => answers,
    follow: async (url) => {
      followed.push(url);
      return answers;
    },
  };
}

const start = (it: ArmAnswer) => operationOf(it, armThat(it), resource);
const receipt = JSON.stringify({ via: 'status', url: status });
const poll = (it: ArmAnswer, from = receipt) => pollOperation(armThat(it), from, never, 0);

describe('operationOf', () => {
  it.each<[string, ArmAnswer, object | undefined]>([
    [
      'Azure-AsyncOperation first',
      answer(201, { 'azure-asyncoperation': status, location: `${origin}/other` }),
      { via: 'status', url: status },
    ],
    ['then Location', answer(202, { location: status }), { via: 'location', url: status }],
    [
      'then the resource, when it was only accepted',
      answer(202),
      { via: 'resource', url: `${origin}/subscriptions/s?api-version=2024-05-01` },
    ],
    [
      'and the resource, when it is still being changed',
      answer(200, {}, { properties: { provisioningState: 'Updating' } }),
      { via: 'resource', url: `${origin}/subscriptions/s?api-version=2024-05-01` },
    ],
    ['nothing, when it is done', answer(200, {}, { properties: { provisioningState: 'Succeeded' } }), undefined],
    ['nothing, when there is no state', answer(204), undefined],
  ])('follows %s', (_name, it, operation) => {
    const found = start(it);
    expect(found && JSON.parse(found)).toEqual(operation);
  });

  it.each([
    'http://management.azure.com/x',
    'https://management.azure.com.evil.example/x',
    'https://a@management.azure.com/x',
    'nonsense',
  ])('never follows %s: the resource itself tells as much', (url) => {
    expect(JSON.parse(start(answer(202, { 'azure-asyncoperation': url, location: url })) ?? '')).toMatchObject({
      via: 'resource',
    });
  });

  it('keeps a receipt within 4 KB', () => {
    const found = start(answer(202, { location: `${origin}/${'x'.repeat(5_000)}` })) ?? '';
    expect(found.length).toBeLessThan(4_096);
  });
});

describe('pollOperation', () => {
  it.each<[string, ArmAnswer, object]>([
    [
      'runs, and when to look again',
      answer(200, { 'retry-after': '10' }, { status: 'InProgress' }),
      { state: 'running', retryAfterMs: 10_000 },
    ],
    [
      'runs, when Azure does not say when',
      answer(200, {}, { status: 'Running' }),
      { state: 'running', retryAfterMs: 2_000 },
    ],
    [
      'runs, in a state nobody knows',
      answer(200, {}, { status: 'Pondering' }),
      { state: 'running', retryAfterMs: 2_000 },
    ],
    ['runs, when there is no state yet', answer(202), { state: 'running', retryAfterMs: 2_000 }],
    ['has succeeded', answer(200, {}, { status: 'Succeeded' }), { state: 'succeeded' }],
    [
      'has failed, and why',
      answer(200, {}, { status: 'Failed', error: { code: 'SubnetFull', message: 'No address is left.' } }),
      { state: 'failed', says: 'No address is left. (SubnetFull)' },
    ],
    [
      'was cancelled',
      answer(200, {}, { status: 'Canceled' }),
      { state: 'failed', says: 'the operation ended as Canceled' },
    ],
  ])('tells that it %s', async (_name, it, expected) => {
    await expect(poll(it)).resolves.toEqual(expected);
  });

  it('takes a Location’s final answer, and the resource’s state, for the end', async () => {
    const location = JSON.stringify({ via: 'location', url: status });
    await expect(poll(answer(200), location)).resolves.toEqual({ state: 'succeeded' });
    const state = (provisioningState: string) => answer(200, {}, { properties: { provisioningState } });
    const own = JSON.stringify({ via: 'resource', url: status });
    await expect(poll(state('Updating'), own)).resolves.toMatchObject({ state: 'running' });
    await expect(poll(state('Failed'), own)).resolves.toMatchObject({ state: 'failed' });
    await expect(poll(state('Succeeded'), own)).resolves.toEqual({ state: 'succeeded' });
  });

  it.each(['', 'https://evil.example', '{"via":"status"}', '{"via":"other","url":"https://management.azure.com"}'])(
    'refuses a receipt that it did not write: %s',
    async (from) => {
      await expect(poll(answer(200), from)).rejects.toMatchObject({ code: 'bad-response' });
    },
  );
});

describe('isTerminal', () => {
  it('holds for Succeeded, Failed and Canceled alone', () => {
    expect(['Succeeded', 'failed', 'Canceled', undefined].every(isTerminal)).toBe(true);
    fc.assert(
      fc.property(fc.string(), (state) => !isTerminal(state) || /^(succeeded|failed|cancell?ed)$/i.test(state)),
    );
    expect(['Updating', 'Deleting', 'Accepted', 'NotSucceeded'].some(isTerminal)).toBe(false);
  });
});
