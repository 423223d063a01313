import { createDesk, requestOf } from '../support/fakes/desk.ts';

const reason = 'the copy has every account';

describe('recover swap', () => {
  it.each([
    ['recover swap cell-banking', {}],
    ['recover swap cell-banking without blobs', { withoutBlobs: true }],
  ])('“%s” asks for the swap', async (typed, blobs) => {
    const desk = createDesk();
    await desk.type(`${typed} because ${reason}`);
    expect(desk.operations.acts()).toEqual([requestOf('swap-data', { cell: 'cell-banking', ...blobs, reason })]);
  });

  it.each(['recover swap cell-banking without data', 'recover swap cell-banking blobs'])(
    '“%s” is not understood, and asks for nothing',
    async (typed) => {
      const desk = createDesk();
      expect(await desk.type(`${typed} because ${reason}`)).toContain('without blobs');
      expect(desk.operations.acts()).toEqual([]);
    },
  );
});
