import { fileURLToPath } from 'node:url';

/**
 * After `npm ci`: makes the bundles that the next start would else make first. An install without them is whole, so
 * nothing here fails it. Plain JavaScript, because it may be an older Node's turn, as in `require-node.mjs`.
 */
try {
  const { bundleOf } = await import('./bundle.ts');
  await bundleOf('src/main.ts', fileURLToPath(new URL('..', import.meta.url)));
} catch (error) {
  console.warn(`The bundle is left to the first start: ${error.message}`);
}
