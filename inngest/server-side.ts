import type { InngestServer, LoadedConfig } from '#lib/config/load.ts'
import { appError } from '#lib/errors.ts'
import { type Job, setJobSender } from '#lib/jobs.ts'
import type { Runtime } from '#lib/runtime.ts'
import { inngestClient } from './client.ts'
import { registrar } from './registration.ts'
import { watchForSilence } from './silence.ts'

/** Keys of the embedded runner. */
const WITHOUT_EFFECT = ['inngest.workers', 'inngest.lease_ms', 'inngest.poll_ms', 'inngest.crashes']

/**
 * Sends jobs to an Inngest server, which calls the functions over HTTP, tells it the functions, and notices when
 * it does not call.
 * @throws Error that says which key is missing
 */
export function startServerSide(runtime: Runtime): void {
  const { config, log } = runtime
  checkKeys(config.inngestServer)
  log.info(
    { server: config.inngestServer.baseUrl, without_effect: WITHOUT_EFFECT },
    'an Inngest server runs the functions; some keys of the section inngest have no effect there',
  )
  const send = senderTo(config)
  const register = registrar(runtime)
  // A server that has lost what it knew calls nobody until it is told again.
  const watch = watchForSilence(runtime, register)
  setJobSender({ send, isSilent: () => watch.isSilent })
  register()
}

function checkKeys({ eventKey, signingKey, isDev }: InngestServer): void {
  if (isDev || (eventKey !== undefined && signingKey !== undefined)) return
  throw new Error(
    'An Inngest server needs INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY (docs/inngest.md); ' +
      'a development server needs INNGEST_DEV=1.',
  )
}

/** All tries of the SDK together have `inngest.send_ms`; the outbox keeps jobs that are not sent then. */
function senderTo({ inngest }: LoadedConfig) {
  const client = inngestClient()
  return async (jobs: readonly Job[]): Promise<void> => {
    const sending = client.send(jobs.map(({ name, id, data }) => ({ name, id, data })))
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(
      () =>
        reject(appError('unavailable', `The Inngest server does not answer within ${inngest.send_ms} ms.`)),
      inngest.send_ms,
    )
    // The one that loses the race may fail unheard.
    sending.catch(() => undefined)
    try {
      await Promise.race([sending, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
