/** Called by Next once in a serving process, before the first request: brings the runtime up. */
export async function register(): Promise<void> {
  const { startApp } = await import('#lib/start.ts')
  startApp()
}
