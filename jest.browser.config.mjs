import base from './jest.config.mjs';

/** Tests that look at the sandbox page in a real Chromium, one at a time. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
