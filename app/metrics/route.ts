import { networksFrom } from '#lib/access/networks.ts'
import { admitWatcher } from '#lib/door/admit.ts'
import { probe } from '#lib/door/probe.ts'
import { metrics } from '#lib/metrics.ts'
import { getRuntime } from '#lib/runtime.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/metrics',
  toolsOnly: true,
  guard(request) {
    const { metrics_from } = getRuntime().config.security
    return admitWatcher(request, 'metrics:read', networksFrom(metrics_from))
  },
  async ask() {
    const exposed = metrics()
    return { status: 200, contentType: exposed.contentType, body: await exposed.expose() }
  },
})
