/** The counterpart of global-setup.mjs, in the same process: what setUp() kept in its module is still there. */
export default async function globalTeardown() {
  const { tearDown } = await import('./global-setup-impl.ts');
  await tearDown();
}
