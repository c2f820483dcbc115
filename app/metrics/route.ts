import { probe } from '#lib/door/probe.ts'
import { metrics } from '#lib/metrics.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/metrics',
  toolsOnly: true,
  async ask() {
    const exposed = metrics()
    return { status: 200, contentType: exposed.contentType, body: await exposed.expose() }
  },
})
