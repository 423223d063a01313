/** Stands in for the app in tests of its supervisor: answers /readyz as it is told by the environment. */
import { createServer } from 'node:http';

const { PORT, FAILS, STUBBORN } = process.env;
if (FAILS) {
  console.error(JSON.stringify({ level: 'fatal', msg: FAILS }));
  process.exit(3);
}
createServer((_, response) => response.end('ready')).listen(Number(PORT), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => {
  if (!STUBBORN) process.exit(0);
});
