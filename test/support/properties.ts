import fc from 'fast-check';

/** The same examples in every run, so that a red test is the doing of a change. `PROPERTY_SEED=2 npm test`: others. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });

export { fc };
