import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedServer, type EmbeddedServer } from '../../src/database/embedded.server.js';
import { waitFor } from '../support/test-app.js';
import { freshFolder } from '../support/test-module.js';

const FAST = ['fsync=off'];

async function ask(server: EmbeddedServer, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.ownerUrl('postgres') });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

const postmaster = (folder: string) =>
  Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);

describe('the embedded database', () => {
  it('keeps its data between runs, and its password', async () => {
    const folder = freshFolder('embedded');
    const first = await startEmbeddedServer(folder, FAST);
    await ask(first, 'create table kept (answer int)');
    await ask(first, 'insert into kept values (42)');
    await first.stop();

    const second = await startEmbeddedServer(folder, FAST);

    expect(second.adopted).toBe(false);
    expect(await ask(second, 'select answer from kept')).toBe(42);
    expect(second.appPassword).toBe(first.appPassword);
    await second.stop();
  });

  it('is adopted when the process that started it was killed', async () => {
    const folder = freshFolder('embedded');
    const orphan = await startEmbeddedServer(folder, FAST); // as a killed process leaves it: running, unattended
    const adopted = await startEmbeddedServer(folder, FAST);
    expect(adopted.adopted).toBe(true);
    expect(adopted.port).toBe(orphan.port);
    expect(await ask(adopted, 'select 1 as answer')).toBe(1);
    await adopted.stop();
  });

  it('is left running for another process that still uses it', async () => {
    const folder = freshFolder('embedded');
    const first = await startEmbeddedServer(folder, FAST);
    const other = new pg.Client({
      connectionString: first.ownerUrl('postgres'),
      application_name: 'lawrei-requests',
    });
    await other.connect();
    await first.stopUnlessUsed();
    expect((await other.query('select 1 as answer')).rows[0].answer).toBe(1);
    await other.end();
    await first.stopUnlessUsed();
    await expect(ask(first, 'select 1 as answer')).rejects.toThrow('ECONNREFUSED');
  });

  it('comes back when the database itself was killed hard', async () => {
    const folder = freshFolder('embedded');
    const first = await startEmbeddedServer(folder, FAST);
    await ask(first, 'create table kept (answer int)');
    const pid = postmaster(folder);
    process.kill(pid, 'SIGKILL');

    const second = await startEmbeddedServer(folder, FAST);

    expect(await ask(second, 'select count(*)::int as answer from kept')).toBe(0);
    expect(postmaster(folder)).not.toBe(pid);
    await second.stop();
    await waitFor(async () =>
      ask(second, 'select 1').then(
        () => false,
        () => true,
      ),
    );
  });
});
