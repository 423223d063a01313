import { entrySection } from '../../src/blocks/global-services.ts';
import type { CacheUse } from '../../src/domain/global-services.ts';

const shown = (cache: CacheUse) => JSON.stringify(entrySection({ dns: null, cache }));

describe('Front Door’s cache on the card', () => {
  it.each<[string, CacheUse, string]>([
    [
      'is its share, and that of before',
      { hitPercent: 62.4, beforePercent: 61, requests: 900 },
      '✅ *Front Door’s cache:* 62 % of the bytes of the last 15 minutes came from it, 61 % in the two hours before"',
    ],
    [
      'warns when it fell, with what to look at',
      { hitPercent: 4.26, beforePercent: 61, requests: 900 },
      '⚠️ *Front Door’s cache:* 4.3 % of the bytes of the last 15 minutes came from it, 61 % in the two hours before. It fell: was it purged',
    ],
    ['is a share alone where nothing is known of before', { hitPercent: 62 }, 'came from it"'],
    ['is not known where nothing came', {}, '❔ *Front Door’s cache:* Azure has no figures of the last 15 minutes'],
    ['is not 0 where nothing may be cached', { requests: 1_200 }, 'no figure, though 1,200 requests came'],
  ])('%s', (_, cache, says) => {
    expect(shown(cache)).toContain(says);
  });
});
