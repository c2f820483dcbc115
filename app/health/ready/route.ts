import { checkReadiness } from '#lib/health/check-health.ts'
import { jsonProbe, probe } from '#lib/http/probe.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  toolsOnly: false,
  ask() {
    const readiness = checkReadiness()
    return jsonProbe(readiness, readiness.status === 'ready' ? 200 : 503)
  },
})
