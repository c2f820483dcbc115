import { isWorkDone } from '../jobs.ts'
import { addGauge } from '../metrics.ts'
import { checkReadiness } from './check-health.ts'

/** Adds whether this instance is ready, and whether functions are called, to /metrics. */
export function addHealthMetrics(): void {
  addGauge({
    name: 'incipit_ready',
    help: '1 while /health/ready says yes',
    collect() {
      this.set(checkReadiness().status === 'ready' ? 1 : 0)
    },
  })
  addGauge({
    name: 'incipit_background_work_up',
    help: '0 while no function was called for longer than usual (inngest.quiet_ms)',
    collect() {
      this.set(isWorkDone() ? 1 : 0)
    },
  })
}
