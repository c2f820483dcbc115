import { jsonProbe, probe } from '#lib/door/probe.ts'
import { checkLiveness } from '#lib/health/check-health.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE } = probe({
  route: '/health/live',
  toolsOnly: false,
  ask: () => jsonProbe(checkLiveness()),
})
