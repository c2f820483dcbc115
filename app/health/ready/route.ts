import { actorOf } from '#lib/access/actor.ts'
import { identify, REST_TAKES } from '#lib/access/identify.ts'
import { asksVerbosely } from '#lib/access/open-paths.ts'
import { isAlone } from '#lib/access/state.ts'
import { admitInspector } from '#lib/door/admit.ts'
import type { HttpRequest } from '#lib/door/message.ts'
import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkReadiness } from '#lib/health/check-health.ts'
import { readSystem } from '#lib/health/operations/read-system.ts'
import type { System } from '#lib/health/system-schema.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/health/ready',
  toolsOnly: false,
  async guard(request) {
    if (asksVerbosely(request)) await admitInspector(request)
  },
  async ask(request) {
    const { status, checks } = checkReadiness()
    const code = status === 'ready' ? 200 : 503
    if (asksVerbosely(request)) return jsonProbe({ status, checks, system: await systemFor(request) }, code)
    // Which part fails is nothing for everybody.
    return jsonProbe(isAlone() ? { status, checks } : { status }, code)
  },
})

/** undefined while nobody is known: the app is starting. */
async function systemFor(request: HttpRequest): Promise<System | undefined> {
  try {
    const identity = request.record.identity ?? (await identify(request, REST_TAKES))
    return await readSystem(actorOf(identity, { id: request.id, surface: 'rest', outcome: {} }))
  } catch {
    return undefined
  }
}
