import { newDatabase } from '../support/test-database.ts';

describe('a transaction', () => {
  it('whose connection breaks between two queries is undone, and the process goes on', async () => {
    const database = await newDatabase();
    await database.query('create table kept (n integer)');
    const broken = database.transaction(async (tx) => {
      await tx.query('insert into kept values (1)');
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [row?.pid]);
      // Nothing is asked of the connection while its end arrives.
      for (let gone = false; !gone; ) {
        const left = await database.query('select 1 from pg_stat_activity where pid = $1', [row?.pid]);
        gone = left.length === 0;
      }
      await new Promise((turn) => setImmediate(turn));
      await tx.query('insert into kept values (2)');
    });
    await expect(broken).rejects.toMatchObject({ code: 'unavailable', service: 'PostgreSQL' });
    expect(await database.query('select n from kept')).toEqual([]);
    await database.close();
  });
});
