import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkHealth } from '#lib/health/check-health.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/health',
  toolsOnly: false,
  ask: () => jsonProbe(checkHealth()),
})
