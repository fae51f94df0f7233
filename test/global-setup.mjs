/** Jest does not translate what a setup imports: the hooks do, and everything typed lives in global-setup-impl.ts. */
import '../scripts/swc-hooks.mjs';

export default async function globalSetup() {
  const { setUp } = await import('./global-setup-impl.ts');
  await setUp();
}
