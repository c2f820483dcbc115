import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkReadiness } from '#lib/health/check-health.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/health/ready',
  toolsOnly: false,
  ask() {
    const readiness = checkReadiness()
    return jsonProbe(readiness, readiness.status === 'ready' ? 200 : 503)
  },
})
