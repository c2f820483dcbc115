/**
 * Called by Next once in a serving process, before the first request: brings the runtime up. The test of
 * the environment is Next's own way to keep this out of the Edge bundle, which it makes though nothing
 * of ours runs there.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startApp } = await import('#lib/boot/start.ts')
  await startApp([
    {
      name: 'background work',
      async run() {
        const { startBackgroundWork } = await import('#inngest/start.ts')
        await startBackgroundWork()
      },
    },
  ])
}
