import { setTimeout as pause } from 'node:timers/promises';
import { together } from './together.js';

const refusal = (code: string) => Object.assign(new Error(code), { code });
const late = async (error: Error) => {
  await pause(5);
  throw error;
};

describe('statements sent together', () => {
  it('fail for the cause, even when the refusals that follow from it are heard first', async () => {
    const sent = [late(refusal('40P01')), Promise.reject(refusal('25P02'))] as const;
    await expect(together(sent)).rejects.toMatchObject({ code: '40P01' });
  });

  it('fail for an aborted transaction when that is all there is', async () => {
    await expect(together([Promise.reject(refusal('25P02'))])).rejects.toMatchObject({ code: '25P02' });
  });

  it('give their results in order', async () => {
    expect(await together([Promise.resolve(1), Promise.resolve('b')])).toEqual([1, 'b']);
  });
});
