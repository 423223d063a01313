import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Lets Node keep what it compiles for the next start. In a folder where only who installs the app may write: the
 * temporary one, Node's default, is open to everybody. A folder that cannot be written is no error.
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
