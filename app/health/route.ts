import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkHealth } from '#lib/health/check-health.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  toolsOnly: false,
  ask: () => jsonProbe(checkHealth()),
})
