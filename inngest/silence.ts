import { sinceCheckIn } from '#lib/health/check-health.ts'
import { LogThrottle } from '#lib/log-throttle.ts'
import type { Runtime } from '#lib/runtime.ts'

/** Whether the Inngest server calls this app, at any of its instances. */
export interface SilenceWatch {
  readonly isSilent: boolean
  /** Looks, and says what has changed. */
  look(): Promise<void>
}

const LOOKS = 10

/**
 * Looks from now on, until the process ends.
 * @param onSilence called at each look that finds it silent
 */
export function watchForSilence(runtime: Runtime, onSilence: () => void): SilenceWatch {
  const watch = createSilenceWatch(runtime, sinceCheckIn)
  const look = async () => {
    await watch.look()
    if (watch.isSilent) onSilence()
  }
  const timer = setInterval(() => void look(), runtime.config.inngest.quiet_ms / LOOKS)
  timer.unref()
  runtime.onShutdown('drain', 'inngest.silence', () => clearInterval(timer))
  return watch
}

/** @param since milliseconds since a server has called */
export function createSilenceWatch(
  { config, log }: Pick<Runtime, 'config' | 'log'>,
  since: () => Promise<number>,
  clock = () => performance.now(),
): SilenceWatch {
  const { quiet_ms } = config.inngest
  const startedAt = clock()
  const throttle = new LogThrottle(clock)
  let isSilent = false

  async function silence(): Promise<number> {
    // Before this process there may have been none.
    return Math.min(await since(), clock() - startedAt)
  }

  function tell(silentMs: number): void {
    if (!isSilent && throttle.succeeded()) log.info({}, 'the Inngest server calls again')
    if (!isSilent || !throttle.failed()) return
    log.warn(
      { server: config.inngestServer.baseUrl, seconds: Math.round(silentMs / 1000) },
      'no Inngest server calls /api/inngest: generations stay queued. Is it running, does it know this app, ' +
        'and does the address reach it (inngest.app_url, --sdk-url, security.allowed_hosts)? See docs/inngest.md',
    )
  }

  return {
    get isSilent() {
      return isSilent
    },
    async look() {
      try {
        const silentMs = await silence()
        isSilent = silentMs > quiet_ms
        tell(silentMs)
      } catch (error) {
        // Nobody can know while the database is away.
        log.debug({ err: error }, 'it could not be seen whether the Inngest server calls')
      }
    },
  }
}
