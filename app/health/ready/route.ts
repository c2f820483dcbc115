import { isAlone } from '#lib/access/state.ts'
import { admitWatcher } from '#lib/door/admit.ts'
import type { HttpRequest } from '#lib/door/message.ts'
import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkReadiness } from '#lib/health/check-health.ts'

const isVerbose = ({ search }: HttpRequest) => new URLSearchParams(search).has('verbose')

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/health/ready',
  toolsOnly: false,
  async guard(request) {
    if (isVerbose(request) && !isAlone()) await admitWatcher(request, 'settings:write', [])
  },
  ask(request) {
    const { status, checks } = checkReadiness()
    // Which part fails is nothing for everybody.
    const told = isAlone() || isVerbose(request) ? { status, checks } : { status }
    return jsonProbe(told, status === 'ready' ? 200 : 503)
  },
})
